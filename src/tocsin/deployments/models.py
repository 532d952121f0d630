"""Runs of infrastructure tools: what was run where, how it ended, and all that it said and planned."""

from django.db import models

from tocsin.alerts.models import Signal
from tocsin.alerts.runs import Outcome, Trigger
from tocsin.catalog.models import Environment, Source


class Deployment(models.Model):
    """One run. `configuration` is what runs of the same thing share: its directory or name, and its workspace."""

    environment = models.ForeignKey(Environment, models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    run = models.TextField(help_text="the run's name as its sender has it; the same one again changes nothing")
    tool = models.TextField(help_text="terraform, tofu, or who ran it: atlantis, github")
    command = models.TextField(blank=True, help_text="plan, apply, destroy, drift …; empty: not known")
    configuration = models.TextField()
    workspace = models.TextField(blank=True)
    outcome = models.TextField(choices=[(o.value, o.value) for o in Outcome])
    trigger = models.TextField(choices=[(t.value, t.value) for t in Trigger], blank=True)
    reason = models.TextField(help_text="why it has this outcome and trigger, in a sentence")
    exit_code = models.IntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    actor = models.TextField(blank=True)
    repository = models.TextField(blank=True)
    commit = models.TextField(blank=True)
    url = models.TextField(blank=True, help_text="where the run can be seen at its sender")
    counts = models.JSONField(null=True, help_text="add, change, destroy, imported; null: not known")
    cost = models.JSONField(null=True, help_text="as cost.py understood the estimate")
    policies = models.JSONField(default=list, help_text="policy results, those that failed first")
    drift = models.JSONField(default=list, help_text="{address, why, ignored_by}: what was changed outside")
    rollback = models.TextField(blank=True, help_text="how to go back as far as its log tells, Markdown")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "run"], name="deployment_once")]
        indexes = [
            models.Index(fields=["-id"], name="deployment_newest"),
            models.Index(fields=["environment", "configuration", "-id"], name="deployment_of_config"),
        ]

    @property
    def seconds(self) -> float | None:
        """How long it ran, where both ends are known."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()

    def __str__(self) -> str:
        return f"{self.tool} {self.command} of {self.configuration}".replace("  ", " ")


class DeploymentRecord(models.Model):
    """What a run left behind, redacted. Apart from the run itself: lists of runs must not read it."""

    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="record", primary_key=True)
    section = models.BinaryField(help_text="a snapshot's `deployment` as JSON without its log, gzipped")
    log = models.BinaryField(help_text="the log as text in UTF-8, gzipped")
    lines = models.PositiveIntegerField(help_text="how many lines the log has")


class Part(models.TextChoices):
    """What people write about a run."""

    ROLLBACK = "rollback", "rollback plan"
    LESSONS = "lessons", "lessons"


class DeploymentText(models.Model):
    """What a person wrote about a run, in Markdown. The newest version of a part counts; all of them are kept."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="+")
    part = models.TextField(choices=Part.choices)
    version = models.PositiveIntegerField(help_text="1 is the first that a person wrote")
    text = models.TextField(blank=True)
    author = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deployment", "part", "version"], name="deployment_text_version_once")
        ]


class DriftNoise(models.Model):
    """Drift that means nothing: where address and attribute match these patterns, as a shell matches file names."""

    environment = models.ForeignKey(
        Environment, models.CASCADE, null=True, related_name="+", help_text="empty: in all of them"
    )
    address = models.TextField(default="*")
    attribute = models.TextField(default="*")
    why = models.TextField(help_text="why this may be ignored")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "address", "attribute"], name="drift_noise_once", nulls_distinct=False
            )
        ]

"""Investigations of an incident: what was read, and the report on it. Both are written once."""

from django.db import models

from tocsin.catalog.models import Cluster, Project
from tocsin.incidents.models import Incident


class Investigation(models.Model):
    """One look at the world for one incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="investigations")
    ordinal = models.PositiveIntegerField(help_text="1 is the one made when the incident opened")
    requested_by = models.TextField()
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, help_text="why it failed for good")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "ordinal"], name="investigation_once")]


class StoredSnapshot(models.Model):
    """Everything read for one investigation: a redacted tocsin-snapshot/1 document, gzipped."""

    investigation = models.OneToOneField(Investigation, models.CASCADE, related_name="snapshot")
    content = models.BinaryField()
    stored_at = models.DateTimeField(auto_now_add=True)


class StoredReport(models.Model):
    """The report of one investigation, exactly as the command line would print it as JSON."""

    investigation = models.OneToOneField(Investigation, models.CASCADE, related_name="report")
    content = models.TextField()
    outcome = models.TextField()
    cause = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    confidence = models.FloatField(null=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["cause", "-id"], condition=~models.Q(cause=""), name="report_of_cause")]


class AgentRequest(models.Model):
    """A look that the agent of a cluster is asked to take, until its answer has become the investigation's snapshot."""

    investigation = models.OneToOneField(Investigation, models.CASCADE, related_name="agent_request")
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    alert = models.JSONField()
    timeout_s = models.PositiveIntegerField(help_text="how long the look may take")
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField(help_text="until when an answer is waited for")
    taken_until = models.DateTimeField(
        null=True, help_text="until when the agent that took it is trusted to work on it"
    )
    answered_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True, help_text="the snapshot, gzipped")

    class Meta:
        indexes = [
            models.Index(fields=["cluster", "id"], condition=models.Q(answered_at=None), name="agent_request_open")
        ]


class RunbookVersion(models.Model):
    """What to do about one incident, in Markdown, as a person wrote it; the newest version counts, else the generated one."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(help_text="1 is the first that a person wrote")
    text = models.TextField()
    edited_by = models.TextField()
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "version"], name="runbook_version_once")]


class ServiceRunbook(models.Model):
    """What to do when a service has this trouble (again): a runbook that has proven itself. The newest version counts."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    service = models.TextField(help_text="the workload's name, or the configuration that was deployed")
    cause = models.TextField(help_text="a cause of the catalogue")
    version = models.PositiveIntegerField(default=1)
    text = models.TextField()
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="+")
    promoted_by = models.TextField()
    promoted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "service", "cause", "version"], name="service_runbook_version_once"
            )
        ]

"""Incidents, the occurrences that belong to them, and their timeline."""

from datetime import datetime

from django.conf import settings
from django.db import models

from tocsin.alerts.models import Alert, Occurrence, Silence
from tocsin.catalog.models import Environment, Project, Source
from tocsin.catalog.services import Service
from tocsin.deployments.models import Deployment
from tocsin.incidents import (  # noqa: F401  # Django looks for tables here
    actions,
    attachments,
    communication,
    documents,
    orders,
    presence,
    roles,
    statements,
    status_page,
    updates,
    views,
)
from tocsin.incidents.lifecycle import Resolution, Status, incident_name
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.classes import Class
from tocsin.incidents.triage.priority import Workaround
from tocsin.incidents.triage.scope import Scope

# Kinds of timeline entries that hold what a person wrote; incidents are found by them.
WORDS = ("note", "decision")


class Incident(models.Model):
    """What people own until it is closed. Its id is its number: INC-023 is row 23."""

    class Analysis(models.TextChoices):
        """How far Tocsin's own investigation has come; independent of what people do meanwhile."""

        PENDING = "pending"
        RUNNING = "running"
        COMPLETE = "complete"
        FAILED = "failed"

    environment = models.ForeignKey(Environment, models.PROTECT, related_name="+", db_index=False)
    title = models.TextField()
    subject = models.JSONField(default=dict, help_text="kind, namespace, name of the resource it opened for")
    subject_key = models.TextField(blank=True, help_text="what alerts about the same thing have in common")
    severity = models.TextField(choices=[(s.value, s.value) for s in Severity])
    severity_reason = models.TextField(blank=True)
    opened_by = models.TextField(
        blank=True, default="", db_default="", help_text="a kind of source, what called for a run, or declared"
    )
    status = models.TextField(choices=[(s.value, s.value) for s in Status], default=Status.TRIGGERED.value)
    analysis = models.TextField(choices=Analysis.choices, default=Analysis.PENDING)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    resolution = models.TextField(choices=[(r.value, r.value) for r in Resolution], blank=True)
    recurrence_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="recurrences")
    triggered_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, help_text="when it began, by what people say; empty: nobody said")
    detected_at = models.DateTimeField(
        null=True, help_text="when it was noticed, by what people say; empty: when triggered"
    )
    last_firing_at = models.DateTimeField(null=True, help_text="when an alert last began to fire in it")
    acknowledged_at = models.DateTimeField(null=True)
    investigating_at = models.DateTimeField(null=True)
    mitigating_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    postmortem_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True, help_text="since when all its alerts are resolved")
    quiet_period = models.DurationField(help_text="how long it must stay quiet before it resolves by itself")
    traits = models.JSONField(default=dict, help_text="what others can have in common with it; see incidents.relation")
    pulse = models.JSONField(default=dict, help_text="how fast firings join it, and its storm; see incidents.storms")
    held_by = models.ForeignKey(Silence, models.SET_NULL, null=True, related_name="held", db_index=False)
    held_until = models.DateTimeField(null=True, db_index=True, help_text="until then nobody is told of it")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    owes = models.TextField(
        blank=True, default="", db_default="", help_text="what has to be done before it may be closed, in words"
    )

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="incident_newest"),
            models.Index(
                fields=["environment", "subject_key"],
                condition=models.Q(resolved_at=None, closed_at=None),
                name="incident_open_subject",
            ),
            models.Index(
                fields=["environment", "-id"],
                condition=models.Q(resolved_at=None, closed_at=None),
                name="incident_open_newest",
            ),
            models.Index(fields=["environment", "subject_key", "-id"], name="incident_of_subject"),
            *orders.INDEXES,
        ]

    @property
    def began_at(self) -> datetime:
        """When it began, by what people say; else when it was triggered."""
        return self.started_at or self.triggered_at

    @property
    def name(self) -> str:
        """How people call it: INC-023."""
        return incident_name(self.pk)

    def __str__(self) -> str:
        return f"{self.name} {self.title}"


class IncidentOccurrence(models.Model):
    """An occurrence belongs to one incident at a time, for a reason; one that it left by a merge or split keeps a row.

    The alert is repeated here, for "where did it fire last?".
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="incident_occurrences")
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    reason = models.TextField()
    moved_from = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="+", db_index=False)
    left_at = models.DateTimeField(null=True, help_text="when it became part of another incident")

    class Meta:
        indexes = [models.Index(fields=["alert", "-incident"], name="incident_of_alert")]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence"], condition=models.Q(left_at=None), name="occurrence_in_one_incident"
            )
        ]


class TimelineEntry(models.Model):
    """What happened, when, by whom and why. Never changed once written."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="timeline", db_index=False)
    at = models.DateTimeField()
    kind = models.TextField(help_text="opened, alert, status, severity, analysis, note, assignment")
    actor = models.TextField(help_text="a user name, or tocsin")
    text = models.TextField()
    reference = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["incident", "id"], name="timeline_of_incident"),
            models.Index(fields=["incident", "-id"], condition=models.Q(kind__in=WORDS), name="words_of_incident"),
        ]


class IncidentDeployment(models.Model):
    """A run belongs to an incident: it failed and opened or joined it, or it succeeded later and offers to resolve it."""

    class Role(models.TextChoices):
        """What the run has to do with the incident."""

        FAILED = "failed"
        SUCCEEDED = "succeeded since"

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="incident_deployments")
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="+")
    role = models.TextField(choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "deployment"], name="incident_deployment_once")]


class LearntPair(models.Model):
    """What people taught by a merge or a split: alerts of these two kinds belong together, or are to be kept apart.

    Both are `relation.pair_key`s, in their order.
    """

    environment = models.ForeignKey(Environment, models.CASCADE, related_name="+")
    one = models.TextField()
    other = models.TextField()
    is_together = models.BooleanField()
    actor = models.TextField()
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "one", "other"], name="pair_once")]


class TrialOutcome(models.Model):
    """What a source or a silence in trial would have done with a firing."""

    class Would(models.TextChoices):
        """What it would have done; a silence would hold, a source the rest."""

        OPEN = "open"
        JOIN = "join"
        IGNORE = "ignore"
        HOLD = "hold"

    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+", db_index=False)
    silence = models.ForeignKey(Silence, models.CASCADE, null=True, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    at = models.DateTimeField()
    would = models.TextField(choices=Would.choices)
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="+", db_index=False)
    within = models.ForeignKey("self", models.CASCADE, null=True, related_name="+", db_index=False)
    subject_key = models.TextField(blank=True)
    traits = models.JSONField(default=dict)
    reason = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="outcome_of_source"),
            models.Index(fields=["silence", "-id"], name="outcome_of_silence"),
        ]


class Assessment(models.Model):
    """What triage makes of an incident, as it stands, with its reasons, and by when it must be acknowledged.

    Empty texts: not assessed yet. `severity` is what the evidence proposes; the incident's own is at least that, unless
    somebody set it.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="assessment")
    assessed_at = models.DateTimeField(null=True)
    classification = models.TextField(choices=[(c.value, c.value) for c in Class], blank=True, help_text="the class")
    classification_reason = models.TextField(blank=True)
    scope = models.TextField(choices=[(s.value, s.value) for s in Scope], blank=True)
    scope_reason = models.TextField(blank=True)
    priority = models.TextField(choices=[(s.value, s.value) for s in Severity], blank=True)
    priority_reason = models.TextField(blank=True)
    severity = models.TextField(choices=[(s.value, s.value) for s in Severity], blank=True)
    severity_reason = models.TextField(blank=True)
    severity_set_by = models.TextField(blank=True, help_text="the person whose severity stands; empty: nobody")
    workaround = models.TextField(choices=[(w.value, w.value) for w in Workaround if w], blank=True)
    counted_from = models.DateTimeField(null=True, help_text="since when its clock runs; empty: since its trigger")
    acknowledge_by = models.DateTimeField(null=True, db_index=True)
    acknowledge_told = models.TextField(blank=True, help_text="what the timeline last said of the clock")


class SeverityMatrix(models.Model):
    """A version of what each severity calls for: a project's, or the installation's. The newest counts; none is changed."""

    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(help_text="1 is the first that a person wrote")
    document = models.JSONField(
        help_text="see incidents.triage.matrix; empty: a project follows the installation again"
    )
    author = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="severity_matrix_version_once", nulls_distinct=False
            )
        ]


class IncidentService(models.Model):
    """An incident affects a service, for a reason. What the service was called stays when the catalogue forgets it."""

    class Role(models.TextChoices):
        """What the service has to do with the incident, nearest first."""

        CAUSE = "cause"
        NAMED = "named by an alert"
        SAID = "named by a person"
        DEPENDENT = "needs it"

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="affected", db_index=False)
    service = models.ForeignKey(Service, models.SET_NULL, null=True, related_name="+")
    slug = models.TextField()
    role = models.TextField(choices=Role.choices)
    reason = models.TextField()
    said_by = models.TextField(
        blank=True, default="", db_default="", help_text="the person who named it: it stays, whatever alerts tell"
    )

    class Meta:
        indexes = [models.Index(fields=["slug", "-incident"], name="incident_of_service")]
        constraints = [models.UniqueConstraint(fields=["incident", "slug"], name="incident_service_once")]

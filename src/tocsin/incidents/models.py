"""Incidents, the occurrences that belong to them, and their timeline."""

from django.conf import settings
from django.db import models

from tocsin.alerts.models import Alert, Occurrence
from tocsin.catalog.models import Environment
from tocsin.deployments.models import Deployment
from tocsin.incidents.lifecycle import Resolution, Status, incident_name
from tocsin.incidents.triage import Severity


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
    status = models.TextField(choices=[(s.value, s.value) for s in Status], default=Status.TRIGGERED.value)
    analysis = models.TextField(choices=Analysis.choices, default=Analysis.PENDING)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resolution = models.TextField(choices=[(r.value, r.value) for r in Resolution], blank=True)
    recurrence_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="recurrences")
    triggered_at = models.DateTimeField()
    last_firing_at = models.DateTimeField(null=True, help_text="when an alert last began to fire in it")
    acknowledged_at = models.DateTimeField(null=True)
    investigating_at = models.DateTimeField(null=True)
    mitigating_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    postmortem_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True, help_text="since when all its alerts are resolved")
    quiet_period = models.DurationField(help_text="how long it must stay quiet before it resolves by itself")

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="incident_newest"),
            models.Index(
                fields=["environment", "subject_key"],
                condition=models.Q(resolved_at=None, closed_at=None),
                name="incident_open_subject",
            ),
        ]

    @property
    def name(self) -> str:
        """How people call it: INC-023."""
        return incident_name(self.pk)

    def __str__(self) -> str:
        return f"{self.name} {self.title}"


class IncidentOccurrence(models.Model):
    """An occurrence belongs to one incident, for a reason. The alert is repeated here, for "where did it fire last?"."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="incident_occurrences")
    occurrence = models.OneToOneField(Occurrence, models.CASCADE, related_name="+", db_constraint=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["alert", "-incident"], name="incident_of_alert")]


class TimelineEntry(models.Model):
    """What happened, when, by whom and why. Never changed once written."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="timeline", db_index=False)
    at = models.DateTimeField()
    kind = models.TextField(help_text="opened, alert, status, severity, analysis, note, assignment")
    actor = models.TextField(help_text="a user name, or tocsin")
    text = models.TextField()
    reference = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["incident", "id"], name="timeline_of_incident")]


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

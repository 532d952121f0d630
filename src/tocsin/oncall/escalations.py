"""Escalation policies and what ran by them, as they are kept. Django finds the tables through `models`.

A run keeps its policy as a value: an edit never changes a run that has begun.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from tocsin.incidents.lifecycle import OPEN
from tocsin.incidents.triage import Severity
from tocsin.oncall.escalation import Policy, State
from tocsin.oncall.policies_written import read


class EscalationPolicy(models.Model):
    """Who is called, in which order. `definition`: see tocsin.oncall.policies_written."""

    slug = models.SlugField(unique=True, max_length=100)
    name = models.TextField()
    description = models.TextField(blank=True)
    project = models.ForeignKey("catalog.Project", models.CASCADE, null=True, related_name="+", help_text="empty: all")
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    edited_by = models.TextField()
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, help_text="since when no run begins by it")

    def __str__(self) -> str:
        return self.name


class PolicyEntry(models.Model):
    """One line of a policy's history, with how it was afterwards."""

    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="history")
    at = models.DateTimeField()
    actor = models.TextField()
    text = models.TextField()
    version = models.PositiveIntegerField()
    definition = models.JSONField()


class PolicyChoice(models.Model):
    """For what a policy counts: a project, a service, a severity; empty means any. The most exact choice wins."""

    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="choices")
    project = models.ForeignKey("catalog.Project", models.CASCADE, null=True, related_name="+")
    service = models.TextField(blank=True, help_text="its slug")
    severity = models.TextField(blank=True, choices=[(s.value, s.value) for s in Severity])
    since = models.DateTimeField(help_text="what began before it owes nobody a call by it")
    chosen_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "service", "severity"], name="policy_choice_once", nulls_distinct=False
            )
        ]


class Escalation(models.Model):
    """One run about an incident. At most one of an incident is not over."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="+")
    policy = models.ForeignKey(EscalationPolicy, models.SET_NULL, null=True, related_name="+")
    policy_name = models.TextField()
    version = models.PositiveIntegerField()
    definition = models.JSONField(help_text="the policy as it was when the run began")
    because = models.TextField(help_text="why it began, and why by this policy")
    severity = models.TextField()
    after_entry = models.BigIntegerField(help_text="what happened on the timeline later may answer it")
    started_at = models.DateTimeField()
    place = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)
    nags = models.PositiveIntegerField(default=0)
    nagged_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(ended_at=None), name="one_escalation_of_incident"
            )
        ]

    @property
    def frozen(self) -> Policy:
        """The policy that it runs by."""
        return read(self.definition)

    @property
    def state(self) -> State:
        """How far it is."""
        return State(self.place, self.next_at, self.answered_at, self.nags, self.nagged_at, self.ended_at)

    def put(self, state: State) -> None:
        """Takes over how far it is; the caller saves."""
        self.place, self.next_at, self.answered_at = state.place, state.next_at, state.answered_at
        self.nags, self.nagged_at, self.ended_at = state.nags, state.nagged_at, state.ended_at


class EscalationCall(models.Model):
    """One step, or reminder, that was carried out: whom it called, how, and who was not reached because of what."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="calls")
    number = models.PositiveIntegerField(help_text="of the calls of this run, from 1")
    at = models.DateTimeField()
    is_nag = models.BooleanField(default=False)
    place = models.PositiveIntegerField(help_text="of the run; see Policy.step_at")
    told = models.JSONField(default=list, help_text="of each: who, because (how they came to be called), ways, key")
    missed = models.JSONField(default=list, help_text="why others, or all, were not called")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["escalation", "number"], name="escalation_call_once")]


class Alarm(models.Model):
    """The auditor found that somebody should have been told and was not."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="+")
    key = models.TextField(unique=True, help_text="what makes it the same alarm")
    text = models.TextField()
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, help_text="when it held no longer: somebody was told after all, or nobody has to be"
    )
    seen_at = models.DateTimeField(null=True, help_text="when somebody took note of it")
    seen_by = models.TextField(blank=True)


def standing() -> models.QuerySet[Alarm]:
    """The alarms that hold and that nobody has taken note of, newest first, with their incidents."""
    found = Alarm.objects.filter(ended_at=None, seen_at=None, incident__status__in=OPEN)
    return found.select_related("incident").order_by("-id")


# The auditor looks every half minute; after this it is taken for dead.
AUDITOR_DEAD_AFTER = timedelta(minutes=2)


class Watch(models.Model):
    """The auditor's one row: when it last looked through everything, and which channel hears its alarms."""

    audited_at = models.DateTimeField(null=True)
    audited = models.PositiveIntegerField(default=0, help_text="how many incidents it looked at then")
    fallback = models.ForeignKey("notifications.Channel", models.SET_NULL, null=True, related_name="+")

"""Actions: what is to be done so that an incident does not come again, each with an owner, a deadline and a test of success.

Django finds the table through `models`. What people do to actions is in `followup`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import models

_NAME = re.compile(r"ACTION-INC(\d{1,18})-(\d{1,9})", re.IGNORECASE | re.ASCII)


class Horizon(StrEnum):
    """By when it is meant to be done, as teams plan."""

    NOW = "now"
    SPRINT = "this sprint"
    QUARTER = "this quarter"


class Kind(StrEnum):
    """What it is good for: to notice sooner, to keep it from happening, or to repair what is still wrong."""

    DETECT = "detect"
    PREVENT = "prevent"
    CORRECT = "correct"


class State(StrEnum):
    """How far it is."""

    OPEN = "open"
    IN_PROGRESS = "in progress"
    DONE = "done"
    DROPPED = "dropped"


ACTIVE = (State.OPEN, State.IN_PROGRESS)


class Action(models.Model):
    """Something to do about an incident. Its name is made of the incident's number and its own: ACTION-INC023-1."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="actions", db_index=False)
    ordinal = models.PositiveIntegerField(help_text="1 is the first of its incident")
    title = models.TextField()
    description = models.TextField(blank=True)
    criteria = models.TextField(blank=True, help_text="how to tell that it is done")
    kind = models.TextField(choices=[(k.value, k.value) for k in Kind])
    horizon = models.TextField(choices=[(h.value, h.value) for h in Horizon])
    state = models.TextField(choices=[(s.value, s.value) for s in State], default=State.OPEN.value)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField(null=True, help_text="its last day, in UTC; empty: none was set")
    finding = models.TextField(blank=True, help_text="the finding whose remedy it is: cause and subject")
    created_by = models.TextField()
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="grows with every edit of its words")
    edited_by = models.TextField()
    ended_by = models.TextField(blank=True, help_text="who did or dropped it")
    ended_at = models.DateTimeField(null=True)
    ended_with = models.TextField(blank=True, help_text="done: how that was verified; dropped: why")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "ordinal"], name="action_once")]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(ended_at=None), name="action_due"),
            models.Index(fields=["owner"], condition=models.Q(ended_at=None), name="action_of_owner"),
        ]

    @property
    def name(self) -> str:
        """How people call it: ACTION-INC023-1."""
        return action_name(self.incident_id, self.ordinal)

    @property
    def overdue_at(self) -> datetime | None:
        """From when it is late: the end of its last day."""
        return midnight_after(self.due_on) if self.due_on else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.ended_at is None and self.overdue_at is not None and now >= self.overdue_at

    def __str__(self) -> str:
        return f"{self.name} {self.title}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody says of an action; `owner` is a person's id."""

    title: str
    kind: Kind
    horizon: Horizon
    description: str = ""
    criteria: str = ""
    owner: int | None = None
    due_on: date | None = None


def action_name(incident_id: int, ordinal: int) -> str:
    """An action as people name it: ACTION-INC023-1."""
    return f"ACTION-INC{incident_id:03d}-{ordinal}"


def read_name(text: str) -> tuple[int, int] | None:
    """The incident's number and the action's own that a name is made of; None where it is no action's name."""
    found = _NAME.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def midnight_after(day: date) -> datetime:
    """The end of a day in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)

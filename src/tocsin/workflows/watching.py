"""What every page must warn of: that somebody was not told, or that nothing sees to it. Looked up rarely, for all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tocsin.oncall.escalations import Alarm, standing
from tocsin.workflows import health, signs
from tocsin.workflows.signs import Sign, Standing

MOST_ALARMS = 50
_SHOWN = ("worker", *(name for name, work in signs.WORK.items() if work.is_vital), "lateness", "events", "outbox")


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that holds and that nobody has taken note of, and whose it is."""

    incident: int
    name: str
    project: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """How it stood at `at`: what of that without which nobody is called fails, and the alarms, newest first."""

    at: datetime
    failing: tuple[Sign, ...]
    alarms: tuple[Raised, ...]

    @property
    def version(self) -> tuple[object, ...]:
        """Changes when pages have something else to show."""
        return (*(sign.key for sign in self.failing), *((each.incident, each.at) for each in self.alarms))

    def of(self, may_see: Callable[[int], bool]) -> list[Raised]:
        """The alarms about incidents of projects that somebody may see."""
        return [each for each in self.alarms if may_see(each.project)]


def look(now: datetime) -> Seen:
    """How it stands now; a handful of queries, all on indexes. Raises django.db.Error."""
    found = health.vital(health.processes(), now)
    failing = [sign for sign in found if sign.key in _SHOWN and sign.standing is Standing.FAILING]
    if any(sign.key == "worker" for sign in failing):  # which says it all
        failing = failing[:1]
    alarms = standing().select_related("incident__environment")[:MOST_ALARMS]
    return Seen(now, tuple(failing), tuple(map(_raised, alarms)))


def _raised(alarm: Alarm) -> Raised:
    incident = alarm.incident
    return Raised(incident.pk, incident.name, incident.environment.project_id, alarm.text, alarm.raised_at)

"""What every page must warn of: that somebody was not told, or that nothing sees to it. Looked up rarely, for all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tocsin.incidents.lifecycle import OPEN
from tocsin.oncall.escalations import Alarm
from tocsin.workflows import health, signs
from tocsin.workflows.signs import Sign, Standing

# An alarm about what is over is told of everywhere for so long; then only where alarms are listed.
STILL_NEWS = timedelta(days=1)
MOST_ALARMS = 50
_SHOWN = ("worker", *(name for name, work in signs.WORK.items() if work.is_vital), "lateness", "events", "outbox")


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that nobody has taken note of, and whose it is."""

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
    news = Q(incident__status__in=OPEN) | Q(raised_at__gt=now - STILL_NEWS)
    alarms = Alarm.objects.filter(news, seen_at=None).select_related("incident__environment").order_by("-id")
    return Seen(now, tuple(failing), tuple(_raised(each) for each in alarms[:MOST_ALARMS]))


def _raised(alarm: Alarm) -> Raised:
    incident = alarm.incident
    return Raised(incident.pk, incident.name, incident.environment.project_id, alarm.text, alarm.raised_at)

"""To which incident a firing alert belongs: `match` decides and says why. Pure; the caller fetches the candidates."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.incidents.lifecycle import incident_name

# Alerts about the same resource are one failure while it is going on: while it fires, and for this long after it began.
SAME_SUBJECT_WINDOW = timedelta(hours=1)
# A recurrence soon after the last one is flapping: each one waits twice as long before it resolves by itself.
FLAPPING_WINDOW = timedelta(hours=1)
LONGEST_QUIET_PERIOD = timedelta(hours=1)
# Alerts that fire by design, to prove that the pipeline works or to inhibit others.
ALWAYS_FIRING = frozenset({"Watchdog", "InfoInhibitor", "DeadMansSwitch"})


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that has just begun to fire."""

    alert_id: int
    environment_id: int
    title: str
    subject_key: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident this firing might belong to: those of the same alert (open or not) and open ones about the same subject."""

    id: int
    environment_id: int
    subject_key: str
    alert_ids: Set[int]
    is_open: bool
    is_firing: bool
    last_firing_at: datetime | None
    resolved_at: datetime | None
    quiet_period: timedelta

    @property
    def name(self) -> str:
        """How people call it."""
        return incident_name(self.id)


@dataclass(frozen=True, slots=True)
class Joins:
    """It belongs to an incident that is open."""

    incident_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Opens:
    """It is a new incident; a recurrence of an earlier one where that is named."""

    reason: str
    quiet_period: timedelta
    recurrence_of: int | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """It is kept, but nobody's incident."""

    reason: str


Match = Joins | Opens | Ignored


def match(firing: Firing, candidates: list[Candidate], now: datetime, quiet_period: timedelta) -> Match:
    """Where `firing` belongs. `quiet_period` is the usual one; a quick recurrence gets a longer one.

    A resolved incident is never joined. Of several open ones the oldest wins, so that the order of arrival does not matter.
    """
    if firing.title in ALWAYS_FIRING:
        return Ignored(f"{firing.title} fires by design")
    here = sorted((c for c in candidates if c.environment_id == firing.environment_id), key=lambda c: c.id)
    for candidate in here:
        if candidate.is_open and firing.alert_id in candidate.alert_ids:
            return Joins(candidate.id, f"{firing.title} is already part of {candidate.name}")
    for candidate in here:
        if _about_the_same(firing, candidate, now):
            return Joins(candidate.id, f"{candidate.name} is about {firing.subject_key} too")
    earlier = [c for c in here if not c.is_open and firing.alert_id in c.alert_ids]
    if earlier:
        return _recurs(earlier[-1], firing, now, quiet_period)
    return Opens("no open incident has this alert or is about its subject", quiet_period)


def _about_the_same(firing: Firing, candidate: Candidate, now: datetime) -> bool:
    lately = candidate.last_firing_at is not None and now - candidate.last_firing_at <= SAME_SUBJECT_WINDOW
    is_going_on = candidate.is_open and (lately or candidate.is_firing)
    return is_going_on and bool(firing.subject_key) and firing.subject_key == candidate.subject_key


def _recurs(last: Candidate, firing: Firing, now: datetime, quiet_period: timedelta) -> Opens:
    if last.resolved_at is not None and now - last.resolved_at <= FLAPPING_WINDOW:
        longer = max(quiet_period, min(last.quiet_period * 2, LONGEST_QUIET_PERIOD))
        return Opens(
            f"{firing.title} came back soon after {last.name}; it now must stay quiet for {_minutes(longer)}",
            longer,
            last.id,
        )
    return Opens(f"{firing.title} fired before, in {last.name}", quiet_period, last.id)


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:g} min"

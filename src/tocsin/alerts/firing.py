"""How reports of alerts change what we know of them: began, ended, or nothing new. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from tocsin.alerts.parsed import ParsedAlert

# The least by which two starts differ in the database.
INSTANT = timedelta(microseconds=1)
# A sender's clock may be behind ours by this much.
CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(slots=True)
class Known:
    """What is known of an alert: since when it fires, None when it does not, and the latest start ever seen."""

    open_since: datetime | None = None
    last_start: datetime | None = None


class Change(Enum):
    """What a report means."""

    BEGAN = "began to fire"
    ENDED = "resolved"
    NOTHING_NEW = "nothing new"


@dataclass(frozen=True, slots=True)
class Effect:
    """A change, and when it happened."""

    change: Change
    at: datetime


def take(known: Known, report: ParsedAlert, received_at: datetime) -> Effect:
    """What `report` changes; `known` is brought up to date.

    A firing that was already closed opens again as a new occurrence that starts when the report arrived: a sender that lost
    sight of an alert repeats its old start, and history is not rewritten. A resolution of what was not firing changes nothing,
    and neither does it that somebody at the sender has taken an alert on.
    """
    if report.firing:
        if report.acknowledged or (known.open_since is not None and not report.is_event):
            return Effect(Change.NOTHING_NEW, received_at)
        start = min(report.starts_at or received_at, received_at)
        if known.last_start is not None and start <= known.last_start:
            start = max(received_at, known.last_start + INSTANT)  # also where another replica's clock was ahead
        known.open_since = known.last_start = start
        return Effect(Change.BEGAN, start)
    if known.open_since is None or _is_stale(report, known.open_since):
        return Effect(Change.NOTHING_NEW, received_at)
    end = max(min(report.ends_at or received_at, received_at), known.open_since)
    known.open_since = None
    return Effect(Change.ENDED, end)


def _is_stale(report: ParsedAlert, open_since: datetime) -> bool:
    """Whether a resolution is of an earlier firing, come late: both its times lie clearly before this one began."""
    times = (report.starts_at, report.ends_at)
    return all(time is not None and time < open_since - CLOCKS_DIFFER for time in times)


@dataclass(frozen=True, slots=True)
class Report:
    """One alert of one signal, with where it came from. `is_reminder`: it is only looked at again, its sender said nothing."""

    environment_id: int
    source_id: int
    source_kind: str
    signal_id: int
    received_at: datetime
    parsed: ParsedAlert
    is_reminder: bool = False


@dataclass(slots=True)
class StoredAlert:
    """An alert as a batch meets it: its row, what is known of its firing, and the newest report on it.

    `seen_at` is None where its sender has not reported it in the batch.
    `began_at` and `reports` are of the batch alone: when it last began to fire in it, and how often it was reported.
    `is_trial`: its open firing has had no effect. `content` is that of its row, None where it has none.
    """

    id: int
    environment_id: int
    source_id: int
    fingerprint: str
    known: Known
    open_occurrence: int | None = None
    report: ParsedAlert | None = None
    seen_at: datetime | None = None
    began_at: datetime | None = None
    reports: int = 0
    is_trial: bool = False
    content: int | None = None


@dataclass(frozen=True, slots=True)
class Began:
    """A new occurrence, and the alert it is of."""

    occurrence_id: int
    alert: StoredAlert
    report: ParsedAlert
    starts_at: datetime
    signal_id: int


@dataclass(slots=True)
class AlertChanges:
    """All that a batch changes about alerts. `ended` maps occurrences, also some that began in the batch, to their ends."""

    alerts: dict[tuple[int, str], StoredAlert] = field(default_factory=dict)
    began: list[Began] = field(default_factory=list)
    ended: dict[int, datetime] = field(default_factory=dict)
    ended_alerts: dict[int, StoredAlert] = field(default_factory=dict)

    def abandon(self, alert: StoredAlert, now: datetime) -> None:
        """Ends a firing whose incident people resolved long ago, so that the next report of it begins another."""
        assert alert.open_occurrence is not None
        self.ended[alert.open_occurrence] = now
        self.ended_alerts[alert.open_occurrence] = alert
        alert.open_occurrence = alert.known.open_since = None

    @property
    def new_occurrences(self) -> set[int]:
        """The occurrences that are not in the database yet."""
        return {began.occurrence_id for began in self.began}

    def apply(self, alert: StoredAlert, report: Report, occurrence_ids: Iterator[int]) -> None:
        """Notes one report on `alert`, which is brought up to date; a new occurrence takes the next of the ids."""
        if not report.is_reminder:
            alert.seen_at = report.received_at
            alert.reports += 1
        if report.parsed.title or alert.report is None:
            alert.report = report.parsed
        effect = take(alert.known, report.parsed, report.received_at)
        if effect.change is Change.BEGAN:
            if alert.open_occurrence is not None:  # an event follows another
                self.ended[alert.open_occurrence] = effect.at
            occurrence = next(occurrence_ids)
            self.began.append(Began(occurrence, alert, report.parsed, effect.at, report.signal_id))
            alert.open_occurrence, alert.began_at = occurrence, effect.at
        elif effect.change is Change.ENDED and alert.open_occurrence is not None:
            self.ended[alert.open_occurrence] = effect.at
            self.ended_alerts[alert.open_occurrence] = alert
            alert.open_occurrence = None

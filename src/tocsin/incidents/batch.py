"""What a batch of signals changes about incidents, as values: decided first, written afterwards. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tocsin.incidents.matching import Candidate
from tocsin.incidents.triage import Severity, Triage


@dataclass(slots=True)
class Open:
    """A candidate with what a batch may change about it. Of its alerts only those of the batch are known, with their firings."""

    candidate: Candidate
    severity: Severity
    firings: dict[int, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """A new incident's row, and the timeline's first line."""

    id: int
    environment_id: int
    title: str
    subject: dict[str, str]
    subject_key: str
    triage: Triage
    triggered_at: datetime
    quiet_period: timedelta
    recurrence_of: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """An occurrence joins an incident."""

    incident_id: int
    occurrence_id: int
    alert_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a timeline, by Tocsin itself."""

    incident_id: int
    at: datetime
    kind: str
    text: str
    reference: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class IncidentChanges:
    """All that a batch changes about incidents. `ended` holds occurrences: their incidents may have become quiet."""

    opened: list[Opening] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    raised: dict[int, Triage] = field(default_factory=dict)
    ended: list[int] = field(default_factory=list)

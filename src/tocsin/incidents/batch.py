"""What a batch of signals changes about incidents, as values: decided first, written afterwards. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tocsin.incidents.matching import Candidate
from tocsin.incidents.relation import NO_TRAITS, Traits
from tocsin.incidents.storms import Pulse
from tocsin.incidents.triage import Triage


class Home(NamedTuple):
    """Where an occurrence belongs: its incident, how often its alert has fired in it, and whether that is in a storm."""

    incident: int
    firings: int
    is_storm: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody is told of an incident until a time, because of a silence."""

    silence_id: int
    until: datetime
    reason: str


@dataclass(slots=True)
class Open:
    """A candidate with what a batch may change about it. Of its alerts only those of the batch are known, with their firings.

    `held_by` is the silence that holds it, None where nothing does.
    """

    candidate: Candidate
    firings: dict[int, int]
    pulse: Pulse = Pulse()  # noqa: RUF009  # frozen
    held_by: int | None = None
    title: str = ""
    subject: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """A new incident's row, and the timeline's first line; `run_trigger` is what called, where a run did."""

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
    traits: Traits = NO_TRAITS
    hold: Hold | None = None
    source_id: int | None = None
    run_trigger: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """An incident turns out to be part of another: it ends as its duplicate, and its occurrences go over."""

    incident_id: int
    into_id: int
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
    """All that a batch changes about incidents. `ended` holds occurrences: their incidents may have become quiet.

    `acknowledged` maps incidents to who has taken them on at the sender; `released` are no longer held.
    """

    opened: list[Opening] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    traits: dict[int, Traits] = field(default_factory=dict)
    pulses: dict[int, Pulse] = field(default_factory=dict)
    renamed: dict[int, tuple[str, dict[str, str]]] = field(default_factory=dict)
    released: set[int] = field(default_factory=set)
    acknowledged: dict[int, str] = field(default_factory=dict)
    folds: list[Fold] = field(default_factory=list)

"""The record of an incident, as far as a postmortem is drafted from it. Pure values; `reading` fills them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.report import Hypothesis


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline."""

    at: datetime
    kind: str
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """A deployment that belongs to the incident; `role`: failed, or succeeded since."""

    title: str
    role: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of the incident."""

    name: str
    title: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """What people said of the incident in its own fields; empty where nobody did."""

    cause: str = ""
    cause_by: str = ""
    trigger: str = ""
    impact: tuple[tuple[str, str], ...] = ()
    detected: str = ""
    ai: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One incident. Times are UTC; None where a stage was skipped.

    `began_at`: the first sign of it that is known; `alert`: what opened it, empty where a person declared it;
    `closing`: the words with which it was resolved; `gaps`: what the newest investigation could not read.
    """

    name: str
    title: str
    severity: str
    place: str
    resolution: str
    began_at: datetime
    triggered_at: datetime
    acknowledged_at: datetime | None = None
    mitigating_at: datetime | None = None
    resolved_at: datetime | None = None
    alert: str = ""
    closing: str = ""
    closed_by: str = ""
    again: str = ""
    services: tuple[tuple[str, str], ...] = ()
    hypothesis: Hypothesis | None = None
    diagnosed_at: datetime | None = None
    gaps: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    actions: tuple[Todo, ...] = ()
    lines: tuple[Line, ...] = ()
    told: Told = field(default_factory=Told)

    @property
    def lasted(self) -> timedelta | None:
        """From its first sign to its resolution."""
        return self.resolved_at - self.began_at if self.resolved_at else None

    @property
    def people(self) -> tuple[str, ...]:
        """Who worked on it, in the order in which they came."""
        return tuple(dict.fromkeys(line.actor for line in self.lines if line.actor != "tocsin"))

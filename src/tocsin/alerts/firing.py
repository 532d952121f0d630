"""How a report of an alert changes what we know of it: began, ended, or nothing new. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tocsin.alerts.parsed import ParsedAlert


@dataclass(slots=True)
class Known:
    """What is known of an alert: its open occurrence's start, and the latest start and end ever seen."""

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
    sight of an alert repeats its old start, and history is not rewritten. A resolution of what was not firing changes nothing.
    """
    if report.firing:
        if known.open_since is not None:
            return Effect(Change.NOTHING_NEW, received_at)
        start = min(report.starts_at or received_at, received_at)
        if known.last_start is not None and start <= known.last_start:
            start = max(received_at, known.last_start)
        if start == known.last_start:  # the same instant twice: a repeated body
            return Effect(Change.NOTHING_NEW, received_at)
        known.open_since = known.last_start = start
        return Effect(Change.BEGAN, start)
    if known.open_since is None:
        return Effect(Change.NOTHING_NEW, received_at)
    end = max(min(report.ends_at or received_at, received_at), known.open_since)
    known.open_since = None
    return Effect(Change.ENDED, end)

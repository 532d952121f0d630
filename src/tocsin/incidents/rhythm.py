"""By when the next status update is due: how often a severity calls for one, and what was promised. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.incidents.spans import read_span
from tocsin.incidents.triage import Severity

NEVER = "never"
DEFAULT = """critical: 30 min
high: 60 min
medium: 4 h
low: never"""

Rhythm = Mapping[Severity, timedelta | None]


class BadRhythm(ValueError):
    """A rhythm that can't be read; the message says which line, and what to write there."""


@dataclass(frozen=True, slots=True)
class Said:
    """The newest update of an audience: when it was sent, and by when it promised another."""

    at: datetime
    promised: datetime | None
    is_last: bool = False


def read_rhythm(text: str) -> Rhythm:
    """How often each severity calls for an update, from lines such as `critical: 30 min`; None is never.

    Raises BadRhythm, also where a severity is missing.
    """
    found: dict[Severity, timedelta | None] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, span = (part.strip() for part in line.partition(":"))
        if not colon or name not in set(Severity):
            raise BadRhythm(f"“{line}”: begin with {', '.join(Severity)}, then a colon.")
        try:
            found[Severity(name)] = None if span == NEVER else read_span(span)
        except ValueError as error:
            raise BadRhythm(f"{name}: {error}, or {NEVER}.") from None
    if missing := [severity.value for severity in Severity if severity not in found]:
        raise BadRhythm(f"Say how often {', '.join(missing)} calls for an update, or {NEVER}.")
    return found


def due(every: timedelta | None, began: datetime, said: Iterable[Said]) -> tuple[datetime, datetime] | None:
    """Since when the time for the next update runs, and when it is over; None where none is called for or promised.

    `began` is when the incident did, `said` the newest update of each audience. A promise takes the place of the rhythm;
    one that was made to the other audience still holds.
    """
    told = sorted(said, key=lambda one: one.at)
    since = max([began, *(one.at for one in told)])
    promises = [one.promised for one in told if one.promised is not None and not one.is_last]
    is_promised = bool(told) and told[-1].promised in promises
    ends = promises if is_promised or every is None else [*promises, since + every]
    return (since, min(ends)) if ends else None

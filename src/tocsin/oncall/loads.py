"""What being on call costs each person: hours, nights, weekends; and what is too much, before it hurts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tocsin.oncall.clock import DAY, HOUR, Span, daily, days_around, instant, union
from tocsin.oncall.schedule import Absence
from tocsin.oncall.shifts import Shift

NIGHT = (time(22), time(6))
SATURDAY = 5
# Whoever carries the pager longer than this without a break is told of before it happens; a hand-over may be a day late.
LONGEST_STRETCH = timedelta(days=8)
# A person's hours against the mean of all: beyond this the others should take some over.
UNFAIR = 1.5


@dataclass(frozen=True, slots=True)
class Load:
    """What one person carries in a span: time, and in how many nights and weekends of their own clock any of it falls."""

    person: str
    spent: timedelta
    nights: int
    weekends: int

    @property
    def hours(self) -> float:
        """The time, in hours."""
        return self.spent / HOUR


@dataclass(frozen=True, slots=True)
class Overload:
    """Why somebody has too much ahead, and in which span."""

    person: str
    span: Span
    reason: str


def loads(shifts: Iterable[Shift], zones: Mapping[str, ZoneInfo]) -> list[Load]:
    """What each person carries, of one schedule or several, the most first; `zones` has people's own clocks, UTC else.

    Hours in which somebody is on call twice count once. A night is from 22:00 to 06:00, a weekend from Saturday to Monday 00:00.
    """
    found = [_load(person, held, zones.get(person, ZoneInfo("UTC"))) for person, held in stretches(shifts).items()]
    return sorted(found, key=lambda load: (-load.spent, load.person))


def stretches(shifts: Iterable[Shift]) -> dict[str, list[Span]]:
    """When each person is on call without a break, in order."""
    held: dict[str, list[Span]] = {}
    for shift in shifts:
        held.setdefault(shift.person, []).append(shift.span)
    return {person: union(spans) for person, spans in held.items()}


def overloads(shifts: Iterable[Shift], absences: Iterable[Absence], even: int) -> list[Overload]:
    """What is too much: more than 8 days without a break, far more hours than the mean, on call while away.

    `even`: how many people share the work; a mean of fewer than two tells nothing.
    """
    shifts = list(shifts)
    found = [*_too_long(shifts), *_unfair(shifts, even), *_while_away(shifts, absences)]
    return sorted(found, key=lambda overload: (overload.span.start, overload.person))


def _load(person: str, held: list[Span], zone: ZoneInfo) -> Load:
    spent = sum((span.end - span.start for span in held), timedelta())
    nights = {night for span in held for night in _nights(span, zone)}
    weekends = {weekend for span in held for weekend in _weekends(span, zone)}
    return Load(person, spent, len(nights), len(weekends))


def _nights(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    found = (daily(day, *NIGHT, zone) for day in days_around(span, zone))
    return (night for night in found if night.overlaps(span))


def _weekends(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    days = [day for day in days_around(Span(span.start - DAY, span.end), zone) if day.weekday() == SATURDAY]
    midnights = ([datetime.combine(day + ahead * DAY, time()) for ahead in (0, 2)] for day in days)
    found = (Span(instant(first, zone), instant(last, zone)) for first, last in midnights)
    return (weekend for weekend in found if weekend.overlaps(span))


def _too_long(shifts: list[Shift]) -> Iterator[Overload]:
    for person, held in stretches(shifts).items():
        for span in held:
            if span.end - span.start > LONGEST_STRETCH:
                days = (span.end - span.start) / DAY
                yield Overload(person, span, f"on call for {days:.0f} days without a break")


def _unfair(shifts: list[Shift], even: int) -> Iterator[Overload]:
    carried = loads(shifts, {})
    if even < 2 or not carried:
        return
    mean = sum((load.spent for load in carried), timedelta()) / even
    whole = Span(min(shift.span.start for shift in shifts), max(shift.span.end for shift in shifts))
    for load in carried:
        if load.spent > mean * UNFAIR:
            yield Overload(
                load.person, whole, f"carries {load.hours:.0f} hours, where an even share is {mean / HOUR:.0f}"
            )


def _while_away(shifts: list[Shift], absences: Iterable[Absence]) -> Iterator[Overload]:
    for absence in absences:
        for shift in shifts:
            if shift.person == absence.person and shift.span.overlaps(absence.span):
                both = Span(max(shift.span.start, absence.span.start), min(shift.span.end, absence.span.end))
                because = f" ({absence.reason})" if absence.reason else ""
                yield Overload(shift.person, both, f"on call while away{because}: {shift.reason}")

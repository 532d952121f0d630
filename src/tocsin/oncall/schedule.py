"""Who is on call, and why: layers of rotations, hours they are kept to, absences, temporary schedules, overrides. Pure.

What comes later wins: a layer over those before it where it has anybody; a temporary schedule over all layers; overrides, in
the order in which they were made, over both. Whoever is away is stood in for by the next in their rotation; overrides and
temporary schedules name people, who are taken by their word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from tocsin.oncall.clock import BadSchedule, Span, daily, days_around, instant, union
from tocsin.oncall.rotation import Rotation


@dataclass(frozen=True, slots=True)
class Duty:
    """One person who is on call, and why."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call. `reason` says why nobody is, where nobody is."""

    duties: tuple[Duty, ...]
    reason: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Their names, in the order of the turn."""
        return tuple(duty.person for duty in self.duties)


@dataclass(frozen=True, slots=True)
class Restriction:
    """Hours that a layer is kept to: on `days`, from Monday 0, from `opens` to `closes`, on the next day if not later."""

    days: frozenset[int]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise BadSchedule("Choose at least one weekday for the hours of a layer.")


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation, kept to `restrictions` where there are any, up to `ends`, a time of the rotation's clock."""

    name: str
    rotation: Rotation
    restrictions: tuple[Restriction, ...] = ()
    ends: datetime | None = None

    def over_at(self) -> datetime | None:
        """When it ends, in UTC; None for never."""
        return instant(self.ends, self.rotation.place) if self.ends else None

    def hours(self, span: Span) -> Iterator[Span]:
        """The stretches in or near a span that its restrictions leave open."""
        zone = self.rotation.place
        for day in days_around(span, zone):
            for each in self.restrictions:
                if day.weekday() in each.days:
                    yield daily(day, each.opens, each.closes, zone)

    def on_call(self, at: datetime, absences: Iterable[Absence] = ()) -> OnCall:
        """Who has its turn at an instant; nobody where it is closed or all of its people are away."""
        is_open = any(hours.covers(at) for hours in self.hours(Span(at, at)))
        return self._answer(at, self.rotation.ordinal(at), is_open, absences)

    def course(self, span: Span, absences: Iterable[Absence] = ()) -> Iterator[tuple[datetime, OnCall]]:
        """What `on_call` answers throughout a span, the first from its start: each answer with when it begins."""
        people = {person for turn in self.rotation.turns for person in turn}
        away = [absence for absence in absences if absence.person in people]
        hours, turn = union(self.hours(span)), max(-1, self.rotation.ordinal(span.start))  # -1: before the first
        open_hours, handovers = iter(hours), list(self.rotation.handovers(span))
        current, turns = next(open_hours, None), iter(handovers)
        handover = next(turns, None)
        for at in sorted({span.start, *handovers, *self._edges(hours, away)}):
            if not span.start <= at < span.end:
                continue
            while current and current.end <= at:
                current = next(open_hours, None)
            while handover and handover <= at:
                turn, handover = turn + 1, next(turns, None)
            yield at, self._answer(at, turn, current is not None and current.start <= at, away)

    def _edges(self, hours: Iterable[Span], away: Iterable[Absence]) -> Iterator[datetime]:
        """When something else than a hand-over may change the answer."""
        for each in (*hours, *(absence.span for absence in away)):
            yield from (each.start, each.end)
        if over := self.over_at():
            yield over

    def _answer(self, at: datetime, turn: int, is_open: bool, absences: Iterable[Absence]) -> OnCall:
        if why := self._closed(at, turn, is_open):
            return OnCall((), f"“{self.name}” {why}")
        away = {absence.person: absence.reason for absence in absences if absence.span.covers(at)}
        found = self.rotation.present(turn, frozenset(away))
        duties = tuple(Duty(person, self._because(absent, away)) for person, absent in found)
        return OnCall(duties, "" if duties else f"in “{self.name}” everybody is away")

    def _closed(self, at: datetime, turn: int, is_open: bool) -> str:
        """Why it does not count at an instant; empty where it does."""
        over = self.over_at()
        if over is not None and over <= at:
            return "is over"
        if turn < 0:
            return "has not begun"
        return "is outside its hours" if self.restrictions and not is_open else ""

    def _because(self, absent: str, away: dict[str, str]) -> str:
        if not absent:
            return f"their turn in “{self.name}”"
        because = f" ({away[absent]})" if away[absent] else ""
        return f"stands in for {absent} in “{self.name}”, who is away{because}"


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which a person's turns are given to others."""

    person: str
    span: Span
    reason: str = ""


class Kind(StrEnum):
    """What an override does."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Override:
    """A change for a while. `person` is who comes in (add, replace), `instead_of` who goes out; empty in replace: everybody."""

    kind: Kind
    span: Span
    person: str = ""
    instead_of: str = ""
    by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.span.start >= self.span.end:
            raise BadSchedule("The end must come after the start.")
        if self.kind is not Kind.REMOVE and not self.person:
            raise BadSchedule("Say who comes in.")
        if self.kind is Kind.REMOVE and not self.instead_of:
            raise BadSchedule("Say who goes out.")
        if self.person == self.instead_of:
            raise BadSchedule("Nobody can stand in for themselves.")

    def changed(self, before: OnCall) -> OnCall:
        """Who is on call with it; unchanged where whoever goes out was not on call, or who comes in is already."""
        told = "".join((f"override by {self.by}" if self.by else "override", f": {self.reason}" if self.reason else ""))
        if self.kind is Kind.ADD:
            return self._with(before.duties, Duty(self.person, told))
        if self.instead_of and self.instead_of not in before.people:
            return before
        stay = tuple(duty for duty in before.duties if self.instead_of and duty.person != self.instead_of)
        if self.kind is Kind.REMOVE:
            return OnCall(stay, "" if stay else f"{self.instead_of} was taken off, {told}")
        for_whom = f" for {self.instead_of}" if self.instead_of else ""
        return self._with(stay, Duty(self.person, f"covers{for_whom}, {told}"))

    @staticmethod
    def _with(duties: tuple[Duty, ...], duty: Duty) -> OnCall:
        there = any(each.person == duty.person for each in duties)
        return OnCall(duties if there else (*duties, duty))


@dataclass(frozen=True, slots=True)
class Planned:
    """One person's part of a temporary schedule."""

    person: str
    span: Span


@dataclass(frozen=True, slots=True)
class Temporary:
    """A schedule that holds instead of all layers during `span`."""

    name: str
    span: Span
    shifts: tuple[Planned, ...]

    def on_call(self, at: datetime) -> OnCall:
        """Who is on call by it at an instant."""
        people = dict.fromkeys(shift.person for shift in self.shifts if shift.span.covers(at))
        duties = tuple(Duty(person, f"the temporary schedule “{self.name}”") for person in people)
        return OnCall(duties, "" if duties else f"the temporary schedule “{self.name}” has nobody then")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that decides who is on call; in each part, what comes later wins."""

    layers: tuple[Layer, ...] = ()
    temporaries: tuple[Temporary, ...] = ()
    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()


def who_is_on_call(schedule: Schedule, at: datetime) -> OnCall:
    """Who is on call at an instant, each with the reason; or nobody, with the reason."""
    return decided(schedule, at, (layer.on_call(at, schedule.absences) for layer in reversed(schedule.layers)))


def decided(schedule: Schedule, at: datetime, layers: Iterable[OnCall]) -> OnCall:
    """Who is on call at an instant, where `layers` are the answers of the layers, that first which wins."""
    found = _planned(schedule, at, layers)
    for override in schedule.overrides:
        if override.span.covers(at):
            found = override.changed(found)
    return found


def _planned(schedule: Schedule, at: datetime, layers: Iterable[OnCall]) -> OnCall:
    for temporary in reversed(schedule.temporaries):
        if temporary.span.covers(at):
            return temporary.on_call(at)
    reasons = []
    for answer in layers:
        if answer.duties:
            return answer
        reasons.append(answer.reason)
    return OnCall((), "; ".join(reasons) or "the schedule has no layers")

"""Who is on call over a stretch of time: shifts, and the gaps between them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from tocsin.oncall.clock import Span
from tocsin.oncall.schedule import Absence, Layer, OnCall, Schedule, decided


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch in which one person is on call for one reason."""

    person: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nobody is on call, and why."""

    span: Span
    reason: str


def shifts(schedule: Schedule, span: Span) -> list[Shift]:
    """The shifts of a span, cut to it, by their beginning; of those with the same one in the order of the turn."""
    return shifts_of_parts(parts(schedule, span))


def gaps(schedule: Schedule, span: Span) -> list[Gap]:
    """The stretches of a span in which nobody is on call."""
    return gaps_of_parts(parts(schedule, span))


def shifts_of_parts(span_in_parts: Iterable[tuple[Span, OnCall]]) -> list[Shift]:
    """The shifts in what `parts` gives."""
    found: list[Shift] = []
    running: dict[tuple[str, str], int] = {}
    for part, on_call in span_in_parts:
        held = {(duty.person, duty.reason): running.get((duty.person, duty.reason)) for duty in on_call.duties}
        running = {}
        for (person, reason), index in held.items():
            if index is None:
                running[person, reason] = len(found)
                found.append(Shift(person, part, reason))
            else:
                running[person, reason] = index
                found[index] = replace(found[index], span=Span(found[index].span.start, part.end))
    return found


def gaps_of_parts(span_in_parts: Iterable[tuple[Span, OnCall]]) -> list[Gap]:
    """The gaps in what `parts` gives."""
    found: list[Gap] = []
    for part, on_call in span_in_parts:
        if on_call.duties:
            continue
        if found and found[-1].span.end == part.start:
            found[-1] = Gap(Span(found[-1].span.start, part.end), found[-1].reason)
        else:
            found.append(Gap(part, on_call.reason))
    return found


def layer_shifts(schedule: Schedule, layer: Layer, span: Span) -> list[Shift]:
    """What one layer would have by itself."""
    return shifts(Schedule((layer,), absences=schedule.absences), span)


def parts(schedule: Schedule, span: Span) -> Iterator[tuple[Span, OnCall]]:
    """A span in parts, in each of which one answer holds throughout."""
    courses = [_Course(layer, span, schedule.absences) for layer in reversed(schedule.layers)]
    edges = {at for at in _edges(schedule) if span.covers(at)} | {at for course in courses for at in course.begins}
    for start, end in pairwise(sorted(edges | {span.start, span.end})):
        yield Span(start, end), decided(schedule, start, (course.at(start) for course in courses))


class _Course:
    """The answers of a layer throughout a span, looked up by when they begin."""

    def __init__(self, layer: Layer, span: Span, absences: Iterable[Absence]) -> None:
        found = list(layer.course(span, absences))
        self.begins = [at for at, _ in found]
        self._answers = [answer for _, answer in found]

    def at(self, when: datetime) -> OnCall:
        return self._answers[bisect_right(self.begins, when) - 1]


def _edges(schedule: Schedule) -> Iterator[datetime]:
    """The instants at which something else than the layers may change the answer."""
    for temporary in schedule.temporaries:
        yield from _ends((temporary.span, *(shift.span for shift in temporary.shifts)))
    yield from _ends(override.span for override in schedule.overrides)


def _ends(spans: Iterable[Span]) -> Iterator[datetime]:
    for span in spans:
        yield from (span.start, span.end)

"""Who is on call over a stretch of time: shifts, and the gaps between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from tocsin.oncall.clock import Span
from tocsin.oncall.schedule import Layer, OnCall, Schedule, who_is_on_call


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
    found: list[Shift] = []
    running: dict[tuple[str, str], int] = {}
    for part, on_call in parts(schedule, span):
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


def gaps(schedule: Schedule, span: Span) -> list[Gap]:
    """The stretches of a span in which nobody is on call."""
    found: list[Gap] = []
    for part, on_call in parts(schedule, span):
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
    edges = sorted({at for at in _edges(schedule, span) if span.covers(at)} | {span.start, span.end})
    for start, end in pairwise(edges):
        yield Span(start, end), who_is_on_call(schedule, start)


def _edges(schedule: Schedule, span: Span) -> Iterator[datetime]:
    """The instants at which the answer may change."""
    for layer in schedule.layers:
        yield from layer.rotation.handovers(span)
        yield from _ends(layer.hours(span))
        if over := layer.over_at():
            yield over
    for temporary in schedule.temporaries:
        yield from _ends((temporary.span, *(shift.span for shift in temporary.shifts)))
    yield from _ends(override.span for override in schedule.overrides)
    yield from _ends(absence.span for absence in schedule.absences)


def _ends(spans: Iterable[Span]) -> Iterator[datetime]:
    for span in spans:
        yield from (span.start, span.end)

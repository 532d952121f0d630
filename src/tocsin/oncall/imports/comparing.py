"""What the product itself says of who is on call, against what the schedule made of it says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from tocsin.oncall.clock import Span
from tocsin.oncall.imports.found import Entry
from tocsin.oncall.schedule import Schedule, who_is_on_call
from tocsin.oncall.shifts import parts

# Nobody asks for more than a year of a final schedule.
LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch in which others are on call there than here."""

    span: Span
    there: tuple[str, ...]
    here: tuple[str, ...]


def differences(schedule: Schedule, entries: Sequence[Entry], now: datetime) -> list[Difference] | None:
    """The stretches from `now` on in which both differ; None where the entries say nothing about any of that time."""
    ahead = [entry for entry in entries if entry.span.end > now]
    if not ahead:
        return None
    whole = Span(
        max(now, min(e.span.start for e in entries)), min(now + LONGEST, max(entry.span.end for entry in ahead))
    )
    edges = {at for part, _ in parts(schedule, whole) for at in (part.start, part.end)}
    edges |= {at for entry in ahead for at in (entry.span.start, entry.span.end) if whole.covers(at)}
    found: list[Difference] = []
    for start, end in pairwise(sorted(edges)):
        there = tuple(sorted({entry.person for entry in ahead if entry.span.covers(start)}))
        here = tuple(sorted(who_is_on_call(schedule, start).people))
        if there == here:
            continue
        last = found[-1] if found else None
        if last and last.span.end == start and (last.there, last.here) == (there, here):
            found[-1] = replace(last, span=Span(last.span.start, end))
        else:
            found.append(Difference(Span(start, end), there, here))
    return found

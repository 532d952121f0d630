"""Hand-overs: the instants at which others come on call, of which both sides are told. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.oncall.clock import Span
from tocsin.oncall.schedule import Schedule
from tocsin.oncall.shifts import parts

# An answer just before the span is needed to see a change at its beginning.
_BEFORE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Handover:
    """Who comes on call and who goes at an instant; the two have nobody in common. `because`: why each who comes does."""

    at: datetime
    comes: tuple[str, ...]
    goes: tuple[str, ...]
    because: tuple[str, ...] = ()


def handovers(schedule: Schedule, span: Span) -> list[Handover]:
    """The hand-overs of a span, its start included. A person who stays for another reason does not hand over."""
    found: list[Handover] = []
    before: tuple[str, ...] | None = None
    for part, on_call in parts(schedule, Span(span.start - _BEFORE, span.end)):
        if before is not None and set(before) != set(on_call.people):
            comes = tuple(duty for duty in on_call.duties if duty.person not in before)
            goes = tuple(person for person in before if person not in on_call.people)
            because = tuple(duty.reason for duty in comes)
            found.append(Handover(part.start, tuple(duty.person for duty in comes), goes, because))
        before = on_call.people
    return found

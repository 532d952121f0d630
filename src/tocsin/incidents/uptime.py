"""What outsiders are told of a component: its state, and how much of the time it was up, from published spans alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise


class State(StrEnum):
    """How a component is, best first."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    PARTIAL = "partial outage"
    MAJOR = "major outage"


_ORDER = tuple(State)
# How much of a span counts as down: the weights of Atlassian Statuspage's uptime, so that figures can be compared.
_DOWN = {State.PARTIAL: 0.3, State.MAJOR: 1.0}


@dataclass(frozen=True, slots=True)
class Span:
    """A component was in a state from `since` to before `until`; None: it still is."""

    state: State
    since: datetime
    until: datetime | None = None

    def clipped(self, since: datetime, until: datetime) -> Span | None:
        """What of it lies between two moments; None where nothing does."""
        begins, ends = max(self.since, since), until if self.until is None else min(self.until, until)
        return Span(self.state, begins, ends) if begins < ends else None


@dataclass(frozen=True, slots=True)
class Said:
    """What one published update says: the states of components by their ids, and whether it ends the incident."""

    at: datetime
    states: Mapping[int, State]
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day in UTC: the worst state in it, and how long the component was down, weighted; no state: not known then."""

    date: date
    state: State | None
    down: timedelta


def worst(states: Iterable[State]) -> State:
    """The worst of some states; operational where there is none."""
    return max(states, key=_ORDER.index, default=State.OPERATIONAL)


def spans_of(updates: Sequence[Said], began_at: datetime) -> dict[int, list[Span]]:
    """The spans of each component that an incident's updates, oldest first, tell of.

    What the first update says holds from `began_at`. What an update does not mention stays as it was; the end ends all.
    """
    spans: dict[int, list[Span]] = {}
    current: dict[int, tuple[State, datetime]] = {}
    for index, update in enumerate(updates):
        at = min(began_at, update.at) if index == 0 else update.at
        said = dict.fromkeys(current, State.OPERATIONAL) if update.is_end else update.states
        for component, state in said.items():
            if component in current:
                before, since = current[component]
                spans.setdefault(component, []).append(Span(before, since, at))
            current[component] = (state, at)
    for component, (state, since) in current.items():
        spans.setdefault(component, []).append(Span(state, since))
    return {component: _meant(found) for component, found in spans.items()}


def _meant(spans: list[Span]) -> list[Span]:
    """Those that say something: an operational component needs no span, and neither does a moment."""
    return [span for span in spans if span.state != State.OPERATIONAL and span.since != span.until]


def state_at(spans: Iterable[Span], at: datetime) -> State:
    """How a component is at a moment: the worst that any span says of it."""
    return worst(span.state for span in spans if span.since <= at and (span.until is None or at < span.until))


def stretches(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """The time between two moments in which something was the matter, each moment once, with its worst state."""
    inside = [clipped for span in spans if (clipped := span.clipped(since, until))]
    edges = sorted({edge for span in inside for edge in (span.since, span.until or until)})
    found = [Span(state_at(inside, begins), begins, ends) for begins, ends in pairwise(edges)]
    return [span for span in found if span.state != State.OPERATIONAL]


def down(spans: Iterable[Span], since: datetime, until: datetime) -> timedelta:
    """How long it was down between two moments: a major outage counts in full, a partial one by 0.3, the rest not."""
    return sum(
        ((s.until - s.since) * _DOWN.get(s.state, 0) for s in stretches(spans, since, until) if s.until), timedelta()
    )


def uptime(spans: Iterable[Span], since: datetime, until: datetime) -> float | None:
    """The share of the time between two moments, 0 to 1, in which it was up; None where there is no time between them."""
    return None if until <= since else 1 - down(spans, since, until) / (until - since)


def days(spans: Sequence[Span], known_since: datetime, now: datetime, count: int) -> list[Day]:
    """The last `count` days, oldest first, today among them."""
    today = now.astimezone(UTC).date()
    return [_day(today - timedelta(days=back), spans, known_since, now) for back in range(count - 1, -1, -1)]


def _day(day: date, spans: Sequence[Span], known_since: datetime, now: datetime) -> Day:
    begins = datetime.combine(day, time(), UTC)
    ends = min(begins + timedelta(days=1), now)
    begins = max(begins, known_since)
    if ends < known_since:
        return Day(day, None, timedelta())
    found = stretches(spans, begins, ends)
    return Day(day, worst(span.state for span in found), down(found, begins, ends))

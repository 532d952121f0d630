"""The checklist of communications: what is to be done by when, what is done, and who did it. Pure.

A template is a text, an item a line: `Words | fact | time`. The fact, with which Tocsin sees that it is done, and the time
may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.incidents.spans import read_span
from tocsin.incidents.triage import Severity

MOST_ITEMS = 30
LONGEST_ITEM = 200


class BadChecklist(ValueError):
    """A checklist that can't be read; the message says which line, and what to write there."""


class Fact(StrEnum):
    """What Tocsin sees by itself."""

    ACKNOWLEDGED = "acknowledged"
    LEAD = "lead named"
    INTERNAL = "internal update"
    EXTERNAL = "external update"
    END_TOLD = "end told"
    POSTMORTEM = "postmortem opened"

    @property
    def is_after_end(self) -> bool:
        """Whether its time runs from the end of the incident, and not from its beginning."""
        return self in (Fact.END_TOLD, Fact.POSTMORTEM)


class State(StrEnum):
    """How an item stands."""

    DONE = "done"
    OPEN = "open"
    LATE = "late"
    LATER = "later"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the template; `within` is counted from the beginning, or the end where its fact comes after that."""

    words: str
    fact: Fact | None = None
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """When an item was done, and by whom; nobody's name where Tocsin has seen it by itself."""

    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An item of an incident."""

    item: Item
    state: State
    due: datetime | None
    done: Done | None

    @property
    def was_late(self) -> bool:
        """Whether it was done after it was due."""
        return self.done is not None and self.due is not None and self.done.at > self.due


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the incident: when each fact came to be, which can't come to be, and what was ticked by hand."""

    began: datetime
    ended: datetime | None
    facts: Mapping[Fact, datetime]
    not_needed: frozenset[Fact]
    ticks: Mapping[str, Done]


_ACKNOWLEDGED = "Somebody has acknowledged it | acknowledged"
_LEAD = "An incident lead is named | lead named"
_TEAM = "The team is told | internal update"
_OUTSIDERS = "Outsiders are told, if they notice it | external update"
_SUPPORT = "Support knows what to answer"
_END = "Everybody who was told knows that it is over | end told"
_POSTMORTEM = "The postmortem is opened, with a date | postmortem opened"
DEFAULTS = {
    Severity.CRITICAL: f"{_ACKNOWLEDGED} | 5 min\n{_LEAD} | 10 min\n{_TEAM} | 15 min\n{_OUTSIDERS} | 30 min\n"
    f"{_SUPPORT} | 30 min\n{_END} | 15 min\n{_POSTMORTEM} | 1 d",
    Severity.HIGH: f"{_ACKNOWLEDGED} | 15 min\n{_LEAD} | 30 min\n{_TEAM} | 30 min\n{_OUTSIDERS} | 60 min\n"
    f"{_SUPPORT} | 60 min\n{_END} | 30 min\n{_POSTMORTEM} | 1 d",
    Severity.MEDIUM: f"{_ACKNOWLEDGED} | 1 h\n{_TEAM} | 2 h\n{_OUTSIDERS} | 4 h\n{_END} | 1 h",
    Severity.LOW: f"{_ACKNOWLEDGED} | 1 d",
}


def read_checklist(text: str) -> tuple[Item, ...]:
    """The items of a template. Raises BadChecklist."""
    items = tuple(_item(line) for line in map(str.strip, text.splitlines()) if line)
    if len({item.words for item in items}) < len(items):
        raise BadChecklist("Two lines say the same: give each item words of its own.")
    if len(items) > MOST_ITEMS:
        raise BadChecklist(f"That is too long: {MOST_ITEMS} items at most.")
    return items


def _item(line: str) -> Item:
    words, *rest = (part.strip() for part in line.split("|"))
    if not words or len(words) > LONGEST_ITEM:
        raise BadChecklist(f"“{line[:60]}”: an item begins with its words, {LONGEST_ITEM} characters at most.")
    fact, within = None, None
    for part in rest:
        if part in set(Fact):
            fact = Fact(part)
            continue
        try:
            within = read_span(part)
        except ValueError as error:
            known = ", ".join(Fact)
            raise BadChecklist(f"“{words}”: {error}; or a fact that Tocsin sees by itself: {known}.") from None
    return Item(words, fact, within)


def standing(items: tuple[Item, ...], seen: Seen, now: datetime) -> list[Line]:
    """How each item stands: by what Tocsin has seen, or by hand, whichever was first."""
    return [_line(item, seen, now) for item in items]


def _line(item: Item, seen: Seen, now: datetime) -> Line:
    start = seen.ended if item.fact is not None and item.fact.is_after_end else seen.began
    due = start + item.within if start is not None and item.within is not None else None
    by_itself = [Done(seen.facts[item.fact])] if item.fact is not None and item.fact in seen.facts else []
    by_hand = [seen.ticks[item.words]] if item.words in seen.ticks else []
    done = min([*by_itself, *by_hand], key=lambda done: done.at, default=None)
    return Line(item, _state(item, seen, done, start, due, now), due, done)


def _state(
    item: Item, seen: Seen, done: Done | None, start: datetime | None, due: datetime | None, now: datetime
) -> State:
    if done is not None:
        return State.DONE
    if item.fact in seen.not_needed:
        return State.NOT_NEEDED
    if start is None:
        return State.LATER
    if start == seen.began and seen.ended is not None and due is not None and due > seen.ended:
        return State.NOT_NEEDED  # it was over before
    return State.LATE if due is not None and now >= due else State.OPEN

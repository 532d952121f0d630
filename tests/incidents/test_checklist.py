"""The checklist: what is done, what is late, and who did it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories import NOW
from tocsin.incidents.checklist import (
    DEFAULTS,
    BadChecklist,
    Done,
    Fact,
    Item,
    Line,
    Seen,
    State,
    read_checklist,
    standing,
)

TEXT = """
The team is told | internal update | 15 min
Support knows | 30 min
The end is told | end told | 10 min
Remember lunch
"""
MINUTE = timedelta(minutes=1)


def lines(now: datetime, ended: datetime | None = None, **seen: object) -> list[Line]:
    nothing: dict[str, object] = {"facts": {}, "not_needed": frozenset(), "ticks": {}}
    return standing(read_checklist(TEXT), Seen(NOW, ended, **(nothing | seen)), now)  # type: ignore[arg-type]


def states(now: datetime, ended: datetime | None = None, **seen: object) -> list[State]:
    return [line.state for line in lines(now, ended, **seen)]


def test_lines_are_items() -> None:
    assert read_checklist(TEXT)[0] == Item("The team is told", Fact.INTERNAL, 15 * MINUTE)
    assert read_checklist(TEXT)[3] == Item("Remember lunch")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A | aknowledged", "a fact that Tocsin sees by itself: acknowledged"),
        ("| 5 min", "begins with its words"),
        ("A\nA | 5 min", "Two lines say the same"),
        ("\n".join(map(str, range(31))), "30 items at most"),
        ("x" * 201, "200 characters"),
    ],
)
def test_a_checklist_that_can_not_be_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadChecklist, match=why):
        read_checklist(text)


def test_tocsin_brings_one_for_each_severity() -> None:
    assert all(read_checklist(text) for text in DEFAULTS.values())


def test_items_are_open_then_late_and_those_of_the_end_come_later() -> None:
    assert states(NOW) == [State.OPEN, State.OPEN, State.LATER, State.OPEN]
    assert states(NOW + 20 * MINUTE) == [State.LATE, State.OPEN, State.LATER, State.OPEN]
    assert states(NOW + 20 * MINUTE, ended=NOW + 9 * MINUTE)[2] == State.LATE


def test_what_tocsin_sees_ticks_itself() -> None:
    told = lines(NOW + 20 * MINUTE, facts={Fact.INTERNAL: NOW + 16 * MINUTE})[0]
    assert (told.state, told.done, told.was_late) == (State.DONE, Done(NOW + 16 * MINUTE), True)


def test_what_came_first_counts() -> None:
    by_hand = Done(NOW + MINUTE, "kim")
    told = lines(NOW, facts={Fact.INTERNAL: NOW + 9 * MINUTE}, ticks={"The team is told": by_hand})[0]
    assert told.done == by_hand


def test_what_is_not_needed_is_never_late() -> None:
    assert states(NOW + 20 * MINUTE, not_needed=frozenset({Fact.INTERNAL}))[0] == State.NOT_NEEDED


def test_what_was_over_before_it_was_due_is_not_asked_for() -> None:
    assert states(NOW + 60 * MINUTE, ended=NOW + 20 * MINUTE)[:2] == [State.LATE, State.NOT_NEEDED]

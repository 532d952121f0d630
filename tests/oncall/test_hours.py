"""Hours and turns as they are typed."""

from __future__ import annotations

from datetime import time

import pytest

from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.hours import hours_text, read_hours, read_shifts, read_turns, turns_text
from tocsin.oncall.schedule import Restriction


@pytest.mark.parametrize(
    ("text", "days", "again"),
    [
        ("Mon-Fri 09:00-17:00", {0, 1, 2, 3, 4}, "Mon-Fri 09:00-17:00"),
        ("9:00-17:00", {0, 1, 2, 3, 4, 5, 6}, "Mon-Sun 09:00-17:00"),
        ("monday, wed 09:00 – 17:00", {0, 2}, "Mon, Wed 09:00-17:00"),
        ("Fri - Mon 09:00-17:00", {4, 5, 6, 0}, "Mon, Fri-Sun 09:00-17:00"),
        ("Sat Sun 09:00-17:00", {5, 6}, "Sat-Sun 09:00-17:00"),
    ],
)
def test_a_line_of_hours(text: str, days: set[int], again: str) -> None:
    found = read_hours(text)
    assert found == (Restriction(frozenset(days), time(9), time(17)),)
    assert hours_text(found) == again


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sometimes", "“sometimes” is no line of hours"),
        ("Mon-Fri 09:00", "is no line of hours"),
        ("Mon 25:00-26:00", "names no time of a day"),
        ("Foo 09:00-17:00", "“Foo” in “Foo 09:00-17:00” is no weekday"),
    ],
)
def test_what_is_no_line_of_hours_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadSchedule, match=why):
        read_hours(f"Mon 09:00-17:00\n{text}")


def test_turns_are_lines_and_several_people_are_separated_by_commas() -> None:
    turns = read_turns(" alice\n\nbob , carol\n,\n")
    assert turns == (("alice",), ("bob", "carol"))
    assert turns_text(turns) == "alice\nbob, carol"


def test_shifts_are_lines_of_a_person_and_two_times() -> None:
    first, second = read_shifts("alice 2026-12-24 09:00 to 2026-12-25 09:00\n\nbob 2026-12-25T09:00 – 2026-12-26")
    assert first == {"person": "alice", "starts": "2026-12-24 09:00", "ends": "2026-12-25 09:00"}
    assert (second["person"], second["ends"]) == ("bob", "2026-12-26")
    assert [each["person"] for each in read_shifts("alice, bob 2026-12-24 to 2026-12-25")] == ["alice", "bob"]
    with pytest.raises(BadSchedule, match="“alice tomorrow” is no shift; write one such as alice 2026"):
        read_shifts("alice tomorrow")

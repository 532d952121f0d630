"""Turns and hand-overs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.oncall.schedules import rotation, utc, wall
from tocsin.oncall.clock import BadSchedule, Span
from tocsin.oncall.rotation import Rotation, Unit


def test_a_hand_over_stays_at_its_time_of_the_wall_over_summer_time() -> None:
    weekly = rotation()
    assert [weekly.handover(number) for number in (3, 4)] == [utc(3, 23, 8), utc(3, 30, 7)]


def test_the_turn_in_which_the_clock_goes_back_is_longer() -> None:
    hourly = rotation(unit=Unit.HOURS, start=wall("2026-10-25 00:00"))
    assert [hourly.handover(number) for number in (1, 2, 3)] == [utc(10, 24, 23), utc(10, 25, 0), utc(10, 25, 2)]


def test_the_turn_that_the_clock_skips_does_not_take_place() -> None:
    hourly = rotation(unit=Unit.HOURS, start=wall("2026-03-29 00:00"))
    assert hourly.ordinal(utc(3, 29, 0, 59)) == 1
    assert hourly.ordinal(utc(3, 29, 1)) == 3


def test_before_the_first_hand_over_turns_count_backwards() -> None:
    assert rotation().ordinal(utc(3, 1)) == -1


def test_hand_overs_of_a_span() -> None:
    found = rotation(unit=Unit.DAYS, every=2).handovers(Span(utc(3, 2, 8), utc(3, 6, 9)))
    assert list(found) == [utc(3, 4, 8), utc(3, 6, 8)]


def test_who_is_away_is_stood_in_for_by_the_next_who_is_there() -> None:
    assert list(rotation().present(0, frozenset({"alice", "bob"}))) == [("carol", "alice")]


def test_several_people_in_a_turn_get_one_stand_in_each() -> None:
    pairs = rotation(("alice", "bob"), ("bob", "carol"), ("dave", "alice"))
    assert list(pairs.present(0, frozenset({"alice", "bob"}))) == [("carol", "alice"), ("dave", "bob")]
    assert list(pairs.present(0, frozenset({"alice", "carol", "dave"}))) == [("bob", "")]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"turns": ()}, "at least one person"),
        ({"turns": (("alice",), ())}, "at least one person"),
        ({"every": 0}, "at least one hour and at most 53 weeks or 12 months"),
        ({"every": 54}, "at most 53 weeks"),
        ({"every": 13, "unit": Unit.MONTHS}, "12 months"),
        ({"zone": "Berlin"}, "“Berlin” is no time zone"),
    ],
)
def test_what_nobody_could_follow_is_refused(wrong: dict[str, object], why: str) -> None:
    right: dict[str, object] = {"turns": (("alice",),), "start": wall("2026-01-01 00:00"), "zone": "UTC"}
    with pytest.raises(BadSchedule, match=why):
        Rotation(**(right | wrong))  # type: ignore[arg-type]  # wrong on purpose


def test_a_turn_of_hours_may_be_longer_than_a_day() -> None:
    longer = rotation(unit=Unit.HOURS, every=36)
    assert longer.wall(1) - longer.wall(0) == timedelta(days=1.5)


def test_turns_of_months_begin_on_their_day_or_the_last_that_there_is() -> None:
    monthly = rotation(unit=Unit.MONTHS, start=wall("2026-01-31 09:00"))
    assert [monthly.wall(number) for number in (1, 2, 3, -1)] == [
        wall(f"{day} 09:00") for day in ("2026-02-28", "2026-03-31", "2026-04-30", "2025-12-31")
    ]
    assert rotation(unit=Unit.MONTHS, start=wall("2027-12-31 09:00")).wall(2) == wall("2028-02-29 09:00")


def test_turns_of_months_are_handed_over_by_the_clock_on_the_wall() -> None:
    monthly = rotation(unit=Unit.MONTHS, every=2, start=wall("2026-01-30 09:00"))
    assert [monthly.handover(number) for number in (0, 1, 2)] == [utc(1, 30, 8), utc(3, 30, 7), utc(5, 30, 7)]
    assert [monthly.ordinal(at) for at in (utc(3, 30, 6, 59), utc(3, 30, 7), utc(4, 30), utc(1, 2))] == [0, 1, 1, -1]

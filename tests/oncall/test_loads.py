"""What being on call costs, and what is too much."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.oncall.schedules import away, layer, utc
from tocsin.oncall.clock import Span
from tocsin.oncall.loads import Load, loads, overloads
from tocsin.oncall.schedule import Schedule
from tocsin.oncall.shifts import Shift, shifts

BERLIN = {"alice": ZoneInfo("Europe/Berlin")}


def shift(start: int, end: int, person: str = "alice", hour: int = 12) -> Shift:
    """From one day of March to another."""
    return Shift(person, Span(utc(3, start, hour), utc(3, end, hour)), "their turn")


def test_a_week_is_168_hours_seven_nights_and_a_weekend() -> None:
    assert loads([shift(2, 9)], BERLIN) == [Load("alice", timedelta(days=7), 7, 1)]


def test_nights_and_weekends_are_those_of_ones_own_clock() -> None:
    sunday_evening = Shift("alice", Span(utc(3, 1, 20), utc(3, 1, 23)), "")
    [here], [there] = loads([sunday_evening], BERLIN), loads([sunday_evening], {"alice": ZoneInfo("Asia/Tokyo")})
    assert (here.nights, here.weekends) == (1, 1)
    assert (there.nights, there.weekends) == (1, 0)


def test_being_on_call_twice_at_once_counts_once() -> None:
    assert loads([shift(2, 4), shift(3, 5)], {})[0].spent == timedelta(days=3)


def test_the_most_loaded_come_first() -> None:
    assert [load.person for load in loads([shift(2, 3), shift(3, 5, "bob")], {})] == ["bob", "alice"]


def test_more_than_eight_days_without_a_break_are_too_much() -> None:
    [found] = overloads([shift(2, 9), shift(9, 12)], [], even=1)
    assert (found.person, found.reason) == ("alice", "on call for 10 days without a break")
    assert overloads([shift(2, 10)], [], even=1) == []


def test_far_more_than_an_even_share_is_too_much() -> None:
    [found] = overloads([shift(2, 9), shift(9, 11, "bob")], [], even=2)
    assert found.reason == "carries 168 hours, where an even share is 108"


def test_on_call_while_away_is_told_with_where_both_meet() -> None:
    [found] = overloads([shift(2, 5)], [away("alice", utc(3, 4), utc(3, 9))], even=1)
    assert found.span == Span(utc(3, 4), utc(3, 5))
    assert found.reason == "on call while away (holiday): their turn"


def test_an_even_rotation_is_no_overload() -> None:
    six_weeks = shifts(Schedule((layer(),)), Span(utc(3, 2, 8), utc(4, 13, 7)))
    assert overloads(six_weeks, [], even=3) == []

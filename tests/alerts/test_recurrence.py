"""When a silence holds, by the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.recurrence import BadRecurrence, Plan, Window, check, time_zone

BERLIN = "Europe/Berlin"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# Sundays from 02:00 to 04:00 in Berlin, which is 01:00 to 03:00 UTC in winter.
SUNDAYS = Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=WEEKLY;BYDAY=SU", BERLIN)


def test_a_silence_without_a_rule_holds_once() -> None:
    once = Plan(at(3, 1, 1), at(3, 1, 3))
    assert once.window(at(3, 1, 2)) == once.window(at(2, 1, 0)) == Window(at(3, 1, 1), at(3, 1, 3))
    assert once.window(at(3, 1, 3)) is None


def test_a_window_that_holds_is_found_and_then_the_next() -> None:
    assert SUNDAYS.window(at(3, 8, 2)) == Window(at(3, 8, 1), at(3, 8, 3))
    assert SUNDAYS.window(at(3, 8, 3)) == Window(at(3, 15, 1), at(3, 15, 3))


def test_in_the_night_that_jumps_forward_an_hour_is_missing() -> None:
    assert SUNDAYS.window(at(3, 29, 0)) == Window(at(3, 29, 1), at(3, 29, 2))


def test_in_the_night_that_repeats_an_hour_one_is_added() -> None:
    assert SUNDAYS.window(at(10, 25, 2, 30)) == Window(at(10, 25, 0), at(10, 25, 3))


def test_in_summer_it_is_the_same_time_on_the_wall() -> None:
    assert SUNDAYS.window(at(7, 5, 0, 30)) == Window(at(7, 5, 0), at(7, 5, 2))


def test_a_rule_that_has_ended_has_no_window_more() -> None:
    assert Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=DAILY;COUNT=2").window(at(3, 3, 0)) is None


def test_a_window_over_midnight_still_holds_the_next_morning() -> None:
    nights = Plan(at(3, 1, 22), at(3, 2, 6), "FREQ=DAILY")
    assert nights.window(at(3, 10, 5)) == Window(at(3, 9, 22), at(3, 10, 6))


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan(at(3, 1, 3), at(3, 1, 1)), "after the start"),
        (Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=HOURLY"), "daily"),
        (Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=DAILY;BYDAY=XX"), "no recurrence rule"),
        (Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=DAILY\nRDATE:20260301"), "one line"),
        (Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=DAILY", "Mars/Olympus"), "no time zone"),
        (Plan(at(3, 1, 1), at(3, 3, 3), "FREQ=DAILY"), "before the one before it"),
        (Plan(at(3, 1, 1), at(5, 3, 3), "FREQ=YEARLY"), "at most 31 days"),
        (Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "never begin"),
        (Plan(at(3, 1, 1), at(3, 1, 3), "FREQ=DAILY;INTERVAL=0"), "1 or more"),
    ],
)
def test_a_plan_that_can_not_be_followed_says_why(plan: Plan, why: str) -> None:
    with pytest.raises(BadRecurrence, match=why):
        check(plan)


@given(st.integers(0, 365 * 24 * 4), st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_a_window_is_never_over_and_begins_by_the_wall_clock(quarters: int, zone: str) -> None:
    plan = Plan(at(3, 1, 12), at(3, 1, 14), "FREQ=DAILY", zone)
    now = at(3, 1, 12) + timedelta(minutes=15 * quarters)
    window = plan.window(now)
    assert window is not None
    assert now < window.end
    local = plan.starts_at.astimezone(time_zone(zone))
    began = window.start.astimezone(time_zone(zone))
    assert (began.hour, began.minute) == (local.hour, local.minute)

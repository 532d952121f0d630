"""Wall times and the instants that they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.oncall.schedules import utc, wall
from tocsin.oncall.clock import BadSchedule, daily, instant, zone_named, zone_names

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("wall", "at"),
    [
        (wall("2026-03-29 01:59"), utc(3, 29, 0, 59)),
        (wall("2026-03-29 02:30"), utc(3, 29, 1)),
        (wall("2026-03-29 03:00"), utc(3, 29, 1)),
        (wall("2026-10-25 02:30"), utc(10, 25, 0, 30)),
        (wall("2026-10-25 03:00"), utc(10, 25, 2)),
    ],
)
def test_a_skipped_time_is_the_jump_and_of_a_repeated_one_the_first_counts(wall: datetime, at: datetime) -> None:
    assert instant(wall, BERLIN) == at


def test_a_day_that_a_zone_left_out_begins_when_the_next_does() -> None:
    assert instant(wall("2011-12-30 08:00"), ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_night_goes_over_to_the_next_day_and_may_be_an_hour_longer() -> None:
    night = daily(date(2026, 10, 24), time(22), time(6), BERLIN)
    assert night.end - night.start == timedelta(hours=9)


def test_the_same_time_twice_is_a_whole_day() -> None:
    assert daily(date(2026, 6, 1), time(9), time(9), BERLIN).end == utc(6, 2, 7)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "Europe"])
def test_what_is_no_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(BadSchedule, match="is no time zone; write one such as Europe/Berlin"):
        zone_named(name)


def test_zones_to_choose_from_are_those_of_places() -> None:
    assert {"UTC", "Europe/Istanbul"} <= set(zone_names())
    assert not {"localtime", "Factory"} & set(zone_names())

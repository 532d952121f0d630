"""Business days, holidays and business time in a team's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.catalog.calendar import Calendar, NeverOpen

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY_EVENING = datetime(2026, 3, 6, 17, 0, tzinfo=BERLIN)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
MOMENTS = st.integers(0, 11 * 365 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.times(time(0), time(9)),
    closes=st.times(time(10), time(23, 59)),
)


def berlin(**values: object) -> Calendar:
    return Calendar("Europe/Berlin", **values)  # type: ignore[arg-type]


def test_after_friday_comes_monday_morning() -> None:
    assert berlin().next_business_day(FRIDAY_EVENING) == datetime(2026, 3, 9, 9, 0, tzinfo=BERLIN)


def test_a_holiday_is_no_business_day() -> None:
    calendar = berlin(holidays={date(2026, 3, 9): "Moved to Tuesday"})
    assert calendar.next_business_day(FRIDAY_EVENING) == datetime(2026, 3, 10, 9, 0, tzinfo=BERLIN)


def test_the_day_is_that_of_the_teams_zone() -> None:
    late_thursday_in_utc = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert berlin().next_business_day(late_thursday_in_utc) == datetime(2026, 3, 9, 9, 0, tzinfo=BERLIN)


def test_before_the_opening_the_next_business_day_is_still_tomorrow() -> None:
    early_monday = datetime(2026, 3, 9, 3, 0, tzinfo=BERLIN)
    assert berlin().next_business_day(early_monday) == datetime(2026, 3, 10, 9, 0, tzinfo=BERLIN)


def test_business_time_goes_on_where_the_last_day_ended() -> None:
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=BERLIN)
    assert berlin().after(friday, timedelta(hours=1)) == datetime(2026, 3, 9, 9, 30, tzinfo=BERLIN)


def test_the_opening_keeps_its_place_on_the_wall_when_clocks_change() -> None:
    before_summer_time = datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN)
    assert berlin().next_business_day(before_summer_time) == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)


def test_an_hour_that_the_change_leaves_out_is_not_worked() -> None:
    night = berlin(days=frozenset(range(7)), opens=time(1), closes=time(4))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
    assert night.after(start, timedelta(hours=2)) == datetime(2026, 3, 29, 4, 0, tzinfo=BERLIN)


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen, match="choose weekdays"):
        Calendar(days=frozenset()).next_business_day(FRIDAY_EVENING)


@given(CALENDARS, MOMENTS)
def test_the_next_business_day_is_later_and_a_business_day(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_business_day(at)
    zone = ZoneInfo(calendar.zone)
    assert opening > at
    assert calendar.is_business_day(opening.astimezone(zone).date())


@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=3)))
def test_business_time_never_passes_faster_than_time(calendar: Calendar, at: datetime, span: timedelta) -> None:
    assert calendar.after(at, span) >= at + span


@given(
    CALENDARS,
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(hours=30)),
    st.timedeltas(timedelta(0), timedelta(hours=30)),
)
def test_more_business_time_ends_no_earlier(calendar: Calendar, at: datetime, one: timedelta, more: timedelta) -> None:
    assert calendar.after(at, one + more) >= calendar.after(at, one)

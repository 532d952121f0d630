"""By when an incident must be acknowledged."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.catalog.calendar import Calendar
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.clock import Clock, Standing, due
from tocsin.incidents.triage.matrix import Matrix, parse

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 3, 6, 17, 0, tzinfo=BERLIN)
MATRIX = Matrix(calendar=Calendar("Europe/Berlin"))
MOMENTS = st.integers(0, 11 * 365 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(("severity", "count"), [("critical", 5), ("high", 15), ("medium", 60)])
def test_the_worse_the_sooner_day_and_night(severity: str, count: int) -> None:
    assert due(Severity(severity), FRIDAY, MATRIX) == FRIDAY + minutes(count)


def test_low_on_friday_evening_is_due_on_monday_morning() -> None:
    assert due(Severity.LOW, FRIDAY, MATRIX) == datetime(2026, 3, 9, 9, 0, tzinfo=BERLIN)


def test_business_hours_stop_the_clock_at_night() -> None:
    document = {"levels": {"medium": {"hours": "business hours"}}, "calendar": {"zone": "Europe/Berlin"}}
    assert due(Severity.MEDIUM, FRIDAY, parse(document)) == datetime(2026, 3, 9, 10, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("whole", "notice"), [(5, 2.5), (15, 5), (60, 15), (240, 60), (64 * 60, 60)], ids=["5m", "15m", "1h", "4h", "64h"]
)
def test_it_is_at_risk_in_its_last_part(whole: float, notice: float) -> None:
    clock = Clock(FRIDAY, FRIDAY + minutes(whole))
    assert clock.due - clock.at_risk_from == minutes(notice)


@pytest.mark.parametrize(
    ("passed", "standing"), [(0, "ok"), (9.9, "ok"), (10, "at risk"), (14.9, "at risk"), (15, "breached")]
)
def test_it_stands_by_the_time_that_has_passed(passed: float, standing: str) -> None:
    assert Clock(FRIDAY, FRIDAY + minutes(15)).standing(FRIDAY + minutes(passed)) == standing


@pytest.mark.parametrize(("after", "standing"), [(15, Standing.IN_TIME), (16, Standing.LATE)])
def test_acknowledging_stops_it(after: int, standing: Standing) -> None:
    clock = Clock(FRIDAY, FRIDAY + minutes(15), acknowledged_at=FRIDAY + minutes(after))
    assert clock.standing(FRIDAY + minutes(600)) is standing


@given(
    MOMENTS,
    st.sampled_from(list(Severity)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"]),
)
def test_it_is_due_after_the_trigger_and_at_risk_in_between(at: datetime, severity: Severity, zone: str) -> None:
    clock = Clock(at, due(severity, at, Matrix(calendar=Calendar(zone))))
    assert clock.since < clock.at_risk_from < clock.due


@given(MOMENTS, st.sampled_from(["Europe/Berlin", "America/New_York"]))
def test_low_is_due_when_the_wall_clock_says_the_opening(at: datetime, zone: str) -> None:
    assert due(Severity.LOW, at, Matrix(calendar=Calendar(zone))).astimezone(ZoneInfo(zone)).hour == 9

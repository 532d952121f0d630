"""Turns and hours of other products as ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oncall.schedules import layer, rotation, utc, wall
from tocsin.oncall.clock import DAY, HOUR
from tocsin.oncall.imports.found import CantBeMade, listed
from tocsin.oncall.imports.turns import apart, continued, merged, named, stretch, unit_of
from tocsin.oncall.rotation import Unit
from tocsin.oncall.schedule import Layer, Restriction

WORKDAYS = Restriction(frozenset(range(5)), time(9), time(17))


@pytest.mark.parametrize(
    ("length", "unit"),
    [
        (7 * DAY, (Unit.WEEKS, 1)),
        (10 * DAY, (Unit.DAYS, 10)),
        (12 * HOUR, (Unit.HOURS, 12)),
        (14 * DAY, (Unit.WEEKS, 2)),
    ],
)
def test_seconds_become_the_greatest_unit(length: timedelta, unit: tuple[Unit, int]) -> None:
    assert unit_of(length) == unit


@pytest.mark.parametrize("length", [timedelta(), timedelta(minutes=90)])
def test_turns_of_no_whole_hours_are_refused(length: timedelta) -> None:
    with pytest.raises(CantBeMade, match="no whole number of hours"):
        unit_of(length)


@given(st.integers(-2000, 2000))
def test_a_continued_rotation_has_the_same_turns(hours: int) -> None:
    before, at = rotation(), utc(3, 2) + hours * HOUR
    after = continued(before, at)
    assert after.handover(0) <= at < after.handover(1)
    for later in (at, at + 9 * DAY):
        assert after.turns[after.ordinal(later) % 3] == before.turns[before.ordinal(later) % 3]


def test_hours_of_several_days_are_told_day_by_day() -> None:
    assert list(stretch(time(18), timedelta(days=2, hours=15), [4])) == [
        Restriction(frozenset({4}), time(18), time(18)),
        Restriction(frozenset({5}), time(18), time(18)),
        Restriction(frozenset({6}), time(18), time(9)),
    ]


def test_a_second_before_midnight_is_midnight() -> None:
    assert next(stretch(time(0), DAY - timedelta(seconds=1))).closes == time(0)


def test_hours_of_equal_times_become_one() -> None:
    each = (Restriction(frozenset({day}), time(9), time(17)) for day in range(5))
    assert merged(each) == (WORKDAYS,)


def test_every_layer_gets_a_name_of_its_own() -> None:
    assert [one.name for one in named([layer("A"), layer(" A"), layer("")])] == ["A", "A (2)", "Layer 3"]


def test_layers_that_meet_come_apart() -> None:
    days = layer("Days", restrictions=(WORKDAYS,))
    nights = layer("Nights", restrictions=(Restriction(frozenset(range(7)), time(17), time(9)),))
    always = layer("Always")
    assert apart([days, nights, always], utc(3, 3)) == [[days, nights], [always]]


def test_a_layer_that_begins_when_another_ends_does_not_meet_it() -> None:
    before = layer("Before", ends=wall("2026-04-06 09:00"))
    after = Layer("After", replace(rotation(), start=wall("2026-04-06 09:00")))
    assert apart([before, after], utc(3, 3)) == [[before, after]]


def test_of_many_names_the_first_are_told() -> None:
    assert listed(["A", "B"]) == "A, B"
    assert listed([str(number) for number in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"

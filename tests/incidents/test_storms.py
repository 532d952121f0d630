"""When alerts come in a storm, and what the timeline says of it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.incidents.storms import CALM_AFTER, LEAST_STORM, MINUTE, Pulse, Rate, beat, over, told


def test_a_handful_is_never_a_storm() -> None:
    assert not Rate().with_firings(LEAST_STORM, NOW).is_storm
    assert Rate().with_firings(LEAST_STORM + 1, NOW).is_storm


def test_where_much_is_usual_a_storm_is_more() -> None:
    usual = Rate(usual=400.0)
    assert not usual.with_firings(500, NOW).is_storm
    assert usual.with_firings(521, NOW).is_storm


def test_a_minute_counts_all_that_came_in_it() -> None:
    rate = Rate().with_firings(15, NOW).with_firings(15, NOW + MINUTE / 2)
    assert rate.is_storm
    assert not rate.with_firings(1, NOW + MINUTE).is_storm


def test_a_storm_does_not_become_the_usual() -> None:
    rate = Rate()
    for minute in range(30):
        rate = rate.with_firings(50_000, NOW + minute * MINUTE)
    assert rate.is_storm
    assert rate.usual < 2


def test_the_first_line_says_that_it_begins_then_one_a_minute() -> None:
    first = beat(Pulse(), {"Down": 300}, NOW, LEAST_STORM)
    assert first.line == "Alerts come in a storm, 300 within a minute: Down (300). One line a minute sums up more."
    second = beat(first.pulse, {"Down": 200, "Slow": 50}, NOW + MINUTE / 2, LEAST_STORM)
    assert (second.line, second.folds) == ("", True)
    third = beat(second.pulse, {"Down": 1}, NOW + MINUTE, LEAST_STORM)
    assert third.line == "251 firings joined in the storm: Down (201), Slow (50)."


def test_what_joins_slowly_is_told_as_ever() -> None:
    assert beat(Pulse(), {"Down": 3}, NOW, LEAST_STORM).folds is False


def test_after_a_calm_time_the_storm_is_over() -> None:
    stormy = beat(Pulse(), {"Down": 300}, NOW, LEAST_STORM).pulse
    assert stormy.is_storm(NOW + CALM_AFTER / 2)
    assert not stormy.is_storm(NOW + CALM_AFTER)
    assert over(stormy) == "The storm is over. It lasted 1 min; at most 300 firings joined within a minute."


def test_very_many_titles_are_not_all_kept() -> None:
    stormy = beat(Pulse(), {"Down": 300}, NOW, LEAST_STORM).pulse
    many = beat(stormy, {f"Alert {n}": 1 for n in range(500)}, NOW + timedelta(seconds=5), LEAST_STORM).pulse
    assert len(many.untold) <= 51
    assert sum(many.untold.values()) == 500


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 90)), min_size=1, max_size=30))
def test_every_firing_of_a_storm_is_told_once(steps: list[tuple[int, int]]) -> None:
    now, pulse = NOW, Pulse()
    lines: list[str] = []
    for count, seconds in [(100, 0), *steps]:
        now += timedelta(seconds=seconds)
        step = beat(pulse, {"Down": count}, now, LEAST_STORM)
        pulse, lines = step.pulse, [*lines, step.line]
        if not step.folds:
            return
    lines.append(told(pulse, now).line)
    counted = sum(int(line.split("Down (")[1].split(")")[0]) for line in lines if "Down (" in line)
    assert counted == 100 + sum(count for count, _ in steps)

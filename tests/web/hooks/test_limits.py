"""How much a source may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.web.hooks.limits import Limits


def test_a_minutes_worth_may_come_at_once_and_then_as_many_as_time_passes() -> None:
    limits = Limits()
    assert [limits.wait(1, 60, 0.0) for _ in range(60)] == [0.0] * 60
    assert limits.wait(1, 60, 0.0) == 1.0
    assert limits.wait(1, 60, 1.0) == 0.0


def test_sources_do_not_use_up_each_others() -> None:
    limits = Limits()
    assert [limits.wait(source, 1, 0.0) for source in (1, 2, 1)] == [0.0, 0.0, 60.0]


def test_without_a_limit_all_may_come() -> None:
    limits = Limits()
    assert not any(limits.wait(1, 0, 0.0) for _ in range(1000))


@given(st.lists(st.floats(0, 100), max_size=50), st.integers(1, 100))
def test_never_more_than_the_minute_and_its_time_allow(steps: list[float], most: int) -> None:
    limits, now, admitted = Limits(), 0.0, 0
    for step in steps:
        now += step
        admitted += limits.wait(1, most, now) == 0
    assert admitted <= most + now * most / 60 + 1e-6

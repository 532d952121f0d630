"""States and uptime from published spans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.uptime import Said, Span, State, days, down, spans_of, state_at, stretches, uptime, worst

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = 7 * 24


@st.composite
def a_span(draw: st.DrawFn) -> Span:
    since = NOON + draw(st.integers(-WEEK, WEEK)) * HOUR
    lasts = draw(st.none() | st.integers(1, WEEK))
    return Span(draw(st.sampled_from(State)), since, None if lasts is None else since + lasts * HOUR)


SPANS = st.lists(a_span(), max_size=6)


def test_the_worst_state_counts() -> None:
    assert worst([State.DEGRADED, State.MAJOR, State.MAINTENANCE]) == State.MAJOR
    assert worst([]) == State.OPERATIONAL


def test_an_hour_of_a_major_outage_counts_in_full_and_of_a_partial_one_in_part() -> None:
    assert uptime([Span(State.MAJOR, NOON, NOON + HOUR)], NOON, NOON + 10 * HOUR) == pytest.approx(0.9)
    assert uptime([Span(State.PARTIAL, NOON, NOON + HOUR)], NOON, NOON + 10 * HOUR) == pytest.approx(0.97)


@pytest.mark.parametrize("state", [State.DEGRADED, State.MAINTENANCE])
def test_what_still_works_is_up(state: State) -> None:
    assert uptime([Span(state, NOON)], NOON, NOON + HOUR) == 1


def test_there_is_no_uptime_of_no_time() -> None:
    assert uptime([], NOON, NOON) is None


def test_an_incident_holds_from_when_it_began_to_its_end() -> None:
    updates = [Said(NOON, {1: State.MAJOR, 2: State.DEGRADED}), Said(NOON + 2 * HOUR, {}, is_end=True)]
    spans = spans_of(updates, NOON - HOUR)
    assert spans == {
        1: [Span(State.MAJOR, NOON - HOUR, NOON + 2 * HOUR)],
        2: [Span(State.DEGRADED, NOON - HOUR, NOON + 2 * HOUR)],
    }


def test_what_an_update_does_not_mention_stays_as_it_was() -> None:
    spans = spans_of([Said(NOON, {1: State.MAJOR, 2: State.DEGRADED}), Said(NOON + HOUR, {1: State.PARTIAL})], NOON)
    assert spans[1] == [Span(State.MAJOR, NOON, NOON + HOUR), Span(State.PARTIAL, NOON + HOUR)]
    assert state_at(spans[2], NOON + 9 * HOUR) == State.DEGRADED


def test_a_component_may_be_well_again_before_the_end() -> None:
    spans = spans_of([Said(NOON, {1: State.MAJOR}), Said(NOON + HOUR, {1: State.OPERATIONAL})], NOON)
    assert spans == {1: [Span(State.MAJOR, NOON, NOON + HOUR)]}


def test_a_day_before_anything_was_known_has_no_state() -> None:
    before, _, today = days([], NOON - 24 * HOUR, NOON, 3)
    assert (before.state, today.state) == (None, State.OPERATIONAL)


def test_a_day_shows_the_worst_in_it() -> None:
    spans = [Span(State.MAJOR, NOON - 13 * HOUR, NOON - 11 * HOUR), Span(State.DEGRADED, NOON - HOUR)]
    yesterday, today = days(spans, NOON - 900 * HOUR, NOON, 2)
    assert (yesterday.state, yesterday.down) == (State.MAJOR, HOUR)
    assert (today.state, today.down) == (State.MAJOR, HOUR)


@given(SPANS)
def test_uptime_is_a_share(spans: list[Span]) -> None:
    share = uptime(spans, NOON - 9 * HOUR, NOON + 9 * HOUR)
    assert share is not None
    assert 0 <= share <= 1


@given(SPANS, a_span())
def test_one_more_span_never_makes_it_better(spans: list[Span], more: Span) -> None:
    since, until = NOON - 9 * HOUR, NOON + 9 * HOUR
    assert down([*spans, more], since, until) >= down(spans, since, until)
    assert down([more, *spans], since, until) == down([*spans, more], since, until)


@given(SPANS)
def test_the_same_said_twice_counts_once(spans: list[Span]) -> None:
    since, until = NOON - 9 * HOUR, NOON + 9 * HOUR
    assert stretches(spans * 2, since, until) == stretches(spans, since, until)


@given(SPANS)
def test_the_days_add_up_to_the_whole(spans: list[Span]) -> None:
    found = days(spans, NOON - 400 * HOUR, NOON, 10)
    midnight = datetime.combine(found[0].date, datetime.min.time(), UTC)
    total = sum((day.down for day in found), timedelta())
    assert abs(total - down(spans, midnight, NOON)) < timedelta(milliseconds=1)

"""Kept schedules, asked."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.oncall.kept import DAY, TODAY, make_schedule, replacing
from tests.oncall.schedules import layer, utc
from tocsin.oncall import changes, store
from tocsin.oncall.clock import Span

pytestmark = pytest.mark.django_db


def test_now_says_who_is_on_call_until_when_and_who_is_next() -> None:
    [now] = store.now_of([make_schedule()], TODAY)
    assert (now.on_call.people, now.current[0].span.end) == (("alice",), utc(3, 9, 8))
    assert [shift.person for shift in now.next] == ["bob"]


def test_where_nobody_is_on_call_now_says_why_and_who_comes() -> None:
    [now] = store.now_of([make_schedule()], utc(3, 1))
    assert (now.on_call.reason, now.current, now.next[0].person) == ("“Primary” has not begun", (), "alice")


def test_many_schedules_are_read_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [make_schedule(f"Shop {number}") for number in range(5)]
    with django_assert_num_queries(4):
        assert len(store.now_of(rows, TODAY)) == 5


def test_the_shifts_of_a_person_are_found_on_every_schedule() -> None:
    rows = [make_schedule(), make_schedule("Bank", layer("Primary", ("dave",)))]
    changes.override(rows[0].pk, replacing("alice", "dave"), actor="alice", now=TODAY)
    found = store.shifts_of("dave", rows, Span(TODAY, TODAY + 3 * DAY))
    assert [turn.schedule.name for turn in found] == ["Bank", "Shop"]


def test_the_last_shift_of_a_span_ends_when_it_does_and_not_with_the_span() -> None:
    [turn] = store.shifts_of("alice", [make_schedule()], Span(TODAY, TODAY + DAY))
    assert (turn.shift.span, turn.is_open) == (Span(TODAY, utc(3, 9, 8)), False)
    assert [turn.shift.person for turn in store.turns_of([turn.schedule], Span(TODAY, utc(3, 10)))] == ["alice", "bob"]


def test_a_shift_that_never_ends_is_not_given_an_end() -> None:
    row = make_schedule("Bank", layer("Primary", ("dave",)))
    [turn] = store.shifts_of("dave", [row], Span(TODAY, TODAY + DAY))
    assert turn.is_open


def test_the_past_is_told_by_the_layers_that_there_were() -> None:
    row = make_schedule()
    draft = changes.Draft("Shop", "UTC", (layer("Primary", ("dave",)),))
    row = changes.edit(row.pk, draft, seen=1, actor="alice", now=TODAY + DAY)
    span = Span(TODAY - DAY, TODAY + 3 * DAY)
    found = store.past_shifts(row, store.value_of(row, span), span)
    assert [(shift.person, shift.span.start, shift.span.end) for shift in found] == [
        ("alice", TODAY, TODAY + DAY),
        ("dave", TODAY + DAY, TODAY + 3 * DAY),
    ]


def test_the_hand_overs_since_one_looked_last_are_those_of_every_schedule() -> None:
    rows = [make_schedule(), make_schedule("Bank", layer("Primary", ("dave",), ("carol",)))]
    found = store.handovers_due(utc(3, 9, 7), utc(3, 9, 9))
    assert {(row.name, each.comes, each.goes) for row, each in found} == {
        ("Shop", ("bob",), ("alice",)),
        ("Bank", ("carol",), ("dave",)),
    }
    changes.archive(rows[0].pk, actor="dave", now=TODAY)
    assert [row.name for row, _ in store.handovers_due(utc(3, 9, 7), utc(3, 9, 9))] == ["Bank"]

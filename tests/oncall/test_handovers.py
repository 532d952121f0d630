"""Hand-overs."""

from __future__ import annotations

from dataclasses import replace

from tests.oncall.schedules import layer, override, utc
from tocsin.oncall.clock import Span
from tocsin.oncall.handovers import Handover, handovers
from tocsin.oncall.schedule import Kind, Schedule

SIMPLE = Schedule((layer(),))


def test_both_sides_are_named_at_the_minute_of_the_hand_over() -> None:
    [found] = handovers(SIMPLE, Span(utc(3, 9, 0), utc(3, 10, 0)))
    assert found == Handover(utc(3, 9, 8), ("bob",), ("alice",), ("their turn in “Primary”",))


def test_spans_that_follow_each_other_tell_each_hand_over_once() -> None:
    spans = (Span(utc(3, 9, 7), utc(3, 9, 8)), Span(utc(3, 9, 8), utc(3, 9, 9)))
    assert [len(handovers(SIMPLE, span)) for span in spans] == [0, 1]


def test_the_first_has_nobody_to_take_over_from() -> None:
    [found] = handovers(SIMPLE, Span(utc(3, 2, 0), utc(3, 3, 0)))
    assert (found.comes, found.goes) == (("alice",), ())


def test_who_stays_for_another_reason_does_not_hand_over() -> None:
    stays = override(Kind.REPLACE, utc(3, 8, 8), utc(3, 9, 8), "bob", "alice")
    found = handovers(replace(SIMPLE, overrides=(stays,)), Span(utc(3, 8, 0), utc(3, 10, 0)))
    assert [(each.at, each.comes) for each in found] == [(utc(3, 8, 8), ("bob",))]

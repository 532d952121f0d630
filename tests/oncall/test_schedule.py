"""Who is on call, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from tests.oncall.schedules import away, layer, override, rotation, utc, wall
from tocsin.oncall.clock import BadSchedule, Span
from tocsin.oncall.schedule import (
    Absence,
    Duty,
    Kind,
    Layer,
    Override,
    Planned,
    Restriction,
    Schedule,
    Temporary,
    who_is_on_call,
)
from tocsin.oncall.shifts import gaps, layer_shifts, shifts

WORKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
OFFICE = Restriction(WORKDAYS, time(9), time(17))
NIGHTS = Restriction(EVERY_DAY, time(20), time(8))
SIMPLE = Schedule((layer(),))
DAY = Span(utc(3, 3, 0), utc(3, 4, 0))


def people(schedule: Schedule, *at: int) -> tuple[str, ...]:
    return who_is_on_call(schedule, utc(*at)).people


def test_people_take_turns() -> None:
    assert [people(SIMPLE, 3, day)[0] for day in (3, 10, 17, 24)] == ["alice", "bob", "carol", "alice"]


def test_a_hand_over_happens_at_its_minute() -> None:
    assert (people(SIMPLE, 3, 9, 7, 59), people(SIMPLE, 3, 9, 8)) == (("alice",), ("bob",))


def test_an_answer_says_why() -> None:
    assert who_is_on_call(SIMPLE, utc(3, 3)).duties == (Duty("alice", "their turn in “Primary”"),)


def test_several_people_are_on_call_at_once() -> None:
    assert people(Schedule((layer("Pairs", ("alice", "bob")),)), 3, 3) == ("alice", "bob")


def test_a_later_layer_wins_where_it_has_somebody() -> None:
    both = Schedule((layer(), layer("Nights", ("dave",), restrictions=(NIGHTS,))))
    assert (people(both, 3, 3, 12), people(both, 3, 3, 21)) == (("alice",), ("dave",))


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    friday = Schedule((layer("Friday night", restrictions=(Restriction(frozenset({4}), time(22), time(6)),)),))
    assert people(friday, 3, 7, 4) == ("alice",)
    assert people(friday, 3, 8, 4) == ()


def test_nobody_is_an_answer_with_its_reasons() -> None:
    apart = Schedule((layer("Office", restrictions=(OFFICE,)), layer("Old", ends=wall("2026-03-03 00:00"))))
    assert who_is_on_call(apart, utc(3, 7)).reason == "“Old” is over; “Office” is outside its hours"
    assert who_is_on_call(SIMPLE, utc(3, 1)).reason == "“Primary” has not begun"
    assert who_is_on_call(Schedule(), utc(3, 1)).reason == "the schedule has no layers"


def test_the_next_stands_in_for_whoever_is_away() -> None:
    found = who_is_on_call(replace(SIMPLE, absences=(away("alice", *_day(3)),)), utc(3, 3))
    assert found.duties == (Duty("bob", "stands in for alice in “Primary”, who is away (holiday)"),)


def test_where_everybody_is_away_a_layer_below_counts() -> None:
    two = Schedule((layer("Everyone", ("dave",)), layer()), absences=tuple(away(one, *_day(3)) for one in _ALL))
    assert people(two, 3, 3) == ("dave",)
    assert who_is_on_call(replace(two, layers=(layer(),)), utc(3, 3)).reason == "in “Primary” everybody is away"


_ALL = ("alice", "bob", "carol")


def _day(day: int) -> tuple[datetime, datetime]:
    return utc(3, day, 0), utc(3, day + 1, 0)


@pytest.mark.parametrize(
    ("kind", "person", "instead_of", "then"),
    [
        (Kind.ADD, "dave", "", ("alice", "dave")),
        (Kind.ADD, "alice", "", ("alice",)),
        (Kind.REMOVE, "", "alice", ()),
        (Kind.REMOVE, "", "bob", ("alice",)),
        (Kind.REPLACE, "dave", "alice", ("dave",)),
        (Kind.REPLACE, "dave", "bob", ("alice",)),
        (Kind.REPLACE, "dave", "", ("dave",)),
    ],
)
def test_overrides(kind: Kind, person: str, instead_of: str, then: tuple[str, ...]) -> None:
    with_it = replace(SIMPLE, overrides=(override(kind, *_day(3), person, instead_of),))
    assert (people(with_it, 3, 3), people(with_it, 3, 4)) == (then, ("alice",))


def test_later_overrides_change_what_earlier_ones_made() -> None:
    chain = (("bob", "alice"), ("carol", "bob"))
    made = tuple(override(Kind.REPLACE, *_day(3), person, out) for person, out in chain)
    assert people(replace(SIMPLE, overrides=made), 3, 3) == ("carol",)


def test_an_override_says_who_made_it_and_why() -> None:
    said = Override(Kind.REPLACE, Span(*_day(3)), "bob", "alice", "dave", "dentist")
    found = who_is_on_call(replace(SIMPLE, overrides=(said,)), utc(3, 3))
    assert found.duties == (Duty("bob", "covers for alice, override by dave: dentist"),)


def test_who_is_taken_off_leaves_a_gap_that_says_so() -> None:
    bare = replace(SIMPLE, overrides=(override(Kind.REMOVE, utc(3, 3, 6), utc(3, 3, 8), "", "alice"),))
    [gap] = gaps(bare, DAY)
    assert (gap.span, gap.reason) == (Span(utc(3, 3, 6), utc(3, 3, 8)), "alice was taken off, override by dave")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": Kind.ADD}, "who comes in"),
        ({"kind": Kind.REMOVE}, "who goes out"),
        ({"person": "bob", "instead_of": "bob"}, "stand in for themselves"),
        ({"person": "bob", "span": Span(utc(3, 3), utc(3, 3))}, "end must come after the start"),
    ],
)
def test_overrides_that_make_no_sense_are_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(BadSchedule, match=why):
        Override(**({"kind": Kind.REPLACE, "span": DAY} | wrong))  # type: ignore[arg-type]  # wrong on purpose


def test_a_temporary_schedule_holds_instead_of_all_layers() -> None:
    feast = Temporary("Feast", DAY, (Planned("dave", Span(utc(3, 3, 0), utc(3, 3, 12))),))
    with_it = replace(SIMPLE, temporaries=(feast,), overrides=(override(Kind.ADD, *_day(3), "erin"),))
    assert people(with_it, 3, 3, 6) == ("dave", "erin")
    assert people(with_it, 3, 3, 18) == ("erin",)
    assert who_is_on_call(replace(with_it, overrides=()), utc(3, 3, 18)).reason == (
        "the temporary schedule “Feast” has nobody then"
    )


def test_shifts_are_cut_to_the_span_and_joined_within_it() -> None:
    found = shifts(SIMPLE, Span(utc(3, 3), utc(3, 17)))
    assert [(shift.person, shift.span.start, shift.span.end) for shift in found] == [
        ("alice", utc(3, 3), utc(3, 9, 8)),
        ("bob", utc(3, 9, 8), utc(3, 16, 8)),
        ("carol", utc(3, 16, 8), utc(3, 17)),
    ]


def test_one_person_alone_hands_over_to_nobody() -> None:
    assert len(shifts(Schedule((layer("Alone", ("alice",)),)), Span(utc(3, 3), utc(6, 3)))) == 1


def test_the_days_of_a_restricted_layer_are_shifts_and_the_rest_are_gaps() -> None:
    office = Schedule((Layer("Office", rotation(), (OFFICE,)),))
    week = Span(utc(3, 2, 0), utc(3, 9, 0))
    assert len(shifts(office, week)) == 5
    assert [gap.span.end - gap.span.start for gap in gaps(office, week)][-1].days == 2


def test_a_layer_by_itself_knows_no_overrides() -> None:
    with_it = replace(SIMPLE, overrides=(override(Kind.REPLACE, *_day(3), "dave"),))
    assert [shift.person for shift in layer_shifts(with_it, with_it.layers[0], DAY)] == ["alice"]


@pytest.mark.parametrize("seed", range(40))
def test_shifts_and_gaps_together_are_all_of_the_time(seed: int) -> None:
    chance = Random(seed)
    span = Span(utc(3, 20), utc(4, 10))
    value = _anything(chance)
    held = [shift.span for shift in shifts(value, span)] + [gap.span for gap in gaps(value, span)]
    edges = sorted({end for each in held for end in (each.start, each.end)})
    assert (edges[0], edges[-1]) == (span.start, span.end)
    for start, end in pairwise(edges):
        said = who_is_on_call(value, start + (end - start) / 2).people
        assert said == who_is_on_call(value, start).people
        there = [shift.person for shift in shifts(value, span) if shift.span.covers(start)]
        assert sorted(there) == sorted(said)
        assert bool(said) != any(gap.span.covers(start) for gap in gaps(value, span))


def _anything(chance: Random) -> Schedule:
    """Two layers with absences, overrides and a temporary schedule, all around a change of the clock."""

    def somewhen() -> Span:
        start = utc(3, 20) + timedelta(minutes=chance.randrange(20 * 24 * 60))
        return Span(start, start + timedelta(minutes=chance.randrange(1, 4 * 24 * 60)))

    kinds = chance.choices(((Kind.ADD, "dave", ""), (Kind.REMOVE, "", "alice"), (Kind.REPLACE, "erin", "bob")), k=4)
    changed = tuple(Override(kind, somewhen(), person, out) for kind, person, out in kinds)
    gone = tuple(Absence(person, somewhen()) for person in ("alice", "bob", "carol", "alice"))
    feast = Temporary("Feast", somewhen(), tuple(Planned(person, somewhen()) for person in ("alice", "dave")))
    layers = (layer(), layer("Nights", ("dave", "erin"), ("bob",), restrictions=(chance.choice((NIGHTS, OFFICE)),)))
    return Schedule(layers, (feast,), changed, gone)


def test_the_course_of_a_layer_says_what_it_says_at_each_instant() -> None:
    absences = (
        away("alice", utc(3, 4), utc(3, 6)),
        away("bob", utc(3, 1), utc(3, 30)),
        away("dave", utc(3, 3), utc(3, 4)),
    )
    late = layer("Late", restrictions=(OFFICE, NIGHTS), ends=wall("2026-03-20 10:00"))
    course = dict(late.course(Span(utc(3, 1), utc(3, 25)), absences))
    answer = course[utc(3, 1)]
    for hour in range(24 * 24):
        at = utc(3, 1) + timedelta(hours=hour)
        answer = course.get(at, answer)
        assert answer == late.on_call(at, absences)


def test_a_schedule_of_many_layers_is_still_told_by_its_instants() -> None:
    layers = tuple(
        layer(str(n), (f"p{n}",), restrictions=(Restriction(frozenset({n}), time(n), time(n + 9)),)) for n in range(7)
    )
    whole = Schedule((layer("Below", ("alice",)), *layers))
    for shift in shifts(whole, Span(utc(3, 9), utc(3, 16))):
        assert who_is_on_call(whole, shift.span.start).people == (shift.person,)
        assert who_is_on_call(whole, shift.span.end - timedelta(seconds=1)).people == (shift.person,)

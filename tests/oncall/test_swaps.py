"""Shifts that are asked to be taken over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.oncall.kept import DAY, TODAY, make_people, make_schedule, replacing
from tocsin.accounts.models import User
from tocsin.oncall import changes, store, swaps
from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.models import Schedule, Swap

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> Schedule:
    return make_schedule()


def asked(schedule: Schedule, of: User | None = None) -> Swap:
    """Alice's Wednesday."""
    [alice] = make_people("alice")
    return swaps.ask(schedule.pk, replacing("", ""), alice, of, TODAY)


def test_what_somebody_takes_over_becomes_an_override(schedule: Schedule) -> None:
    [bob] = make_people("bob")
    swap = swaps.accept(asked(schedule, bob).pk, bob, TODAY)
    [duty] = store.on_call(schedule, TODAY + DAY).duties
    assert (duty.person, duty.reason) == ("bob", "covers for alice, override by bob: swap")
    assert (swap.state, swap.answered_by) == ("accepted", "bob")


def test_anybody_may_take_what_was_asked_of_anybody_but_once(schedule: Schedule) -> None:
    bob, carol = make_people("bob", "carol")
    swap = asked(schedule)
    swaps.accept(swap.pk, carol, TODAY)
    with pytest.raises(BadSchedule, match="It was accepted by carol already"):
        swaps.accept(swap.pk, bob, TODAY)


def test_only_whoever_was_asked_may_answer(schedule: Schedule) -> None:
    alice, bob, carol = make_people("alice", "bob", "carol")
    swap = asked(schedule, bob)
    for answer, by in ((swaps.accept, carol), (swaps.accept, alice), (swaps.decline, carol)):
        with pytest.raises(BadSchedule, match="asked of somebody else"):
            answer(swap.pk, by, TODAY)
    with pytest.raises(BadSchedule, match="Only whoever asked"):
        swaps.withdraw(swap.pk, bob, TODAY)


def test_a_no_and_a_change_of_mind_change_no_shift(schedule: Schedule) -> None:
    alice, bob = make_people("alice", "bob")
    assert swaps.decline(asked(schedule, bob).pk, bob, TODAY).state == "declined"
    assert swaps.withdraw(asked(schedule).pk, alice, TODAY).state == "withdrawn"
    assert store.on_call(schedule, TODAY + DAY).people == ("alice",)


def test_one_can_only_give_what_one_has(schedule: Schedule) -> None:
    alice, bob = make_people("alice", "bob")
    with pytest.raises(BadSchedule, match="bob is not on call on “Shop” then"):
        swaps.ask(schedule.pk, replacing("", ""), bob, alice, TODAY)
    with pytest.raises(BadSchedule, match="Ask somebody else"):
        swaps.ask(schedule.pk, replacing("", ""), alice, alice, TODAY)
    with pytest.raises(BadSchedule, match="in the past"):
        swaps.ask(schedule.pk, replace(replacing("", ""), starts="2026-03-02", ends="2026-03-03"), alice, bob, TODAY)


def test_what_waits_is_seen_by_those_whom_it_concerns_until_the_shift_begins(schedule: Schedule) -> None:
    alice, bob, carol = make_people("alice", "bob", "carol")
    swap = asked(schedule, bob)
    assert [swaps.waiting_for(person, TODAY) for person in (alice, bob, carol)] == [[swap], [swap], []]
    assert (swaps.waiting_for(bob, TODAY + DAY), swaps.state_of(swap, TODAY + DAY)) == ([], "expired")
    with pytest.raises(BadSchedule, match="It has expired: the shift has begun"):
        swaps.accept(swap.pk, bob, TODAY + DAY)


def test_whoever_asked_in_vain_is_told_while_they_carry_it(schedule: Schedule) -> None:
    [alice] = make_people("alice")
    swap = asked(schedule)
    assert [swaps.untaken(alice, TODAY + days * DAY) for days in (0, 1, 2)] == [[], [swap], []]


def test_a_shift_that_has_begun_can_not_be_swapped(schedule: Schedule) -> None:
    [alice] = make_people("alice")
    with pytest.raises(BadSchedule, match="It has begun"):
        swaps.ask(schedule.pk, replace(replacing("", ""), starts="2026-03-03T09:00"), alice, None, TODAY)


def swapped(schedule: Schedule, starts: str, ends: str, of: str = "bob") -> Swap:
    """Alice's Wednesday for one of theirs."""
    alice, bob = make_people("alice", of)
    return swaps.ask(schedule.pk, replacing("", ""), alice, bob, TODAY, in_return=(starts, ends))


def test_a_shift_is_swapped_for_another_at_once(schedule: Schedule) -> None:
    [bob] = make_people("bob")
    swap = swaps.accept(swapped(schedule, "2026-03-10T09:00", "2026-03-11T09:00").pk, bob, TODAY)
    assert swap.override != swap.return_override
    assert [store.on_call(schedule, TODAY + days * DAY).people for days in (1, 7, 8)] == [
        ("bob",),
        ("alice",),
        ("bob",),
    ]
    assert "to 2026-03-05 09:00, in return for 2026-03-10 09:00 to" in schedule.history.filter(actor="alice")[0].text


def test_where_one_of_the_two_is_no_longer_possible_neither_is_swapped(schedule: Schedule) -> None:
    [bob] = make_people("bob")
    swap = swapped(schedule, "2026-03-10T09:00", "2026-03-11T09:00")
    changes.override(schedule.pk, replacing("bob", "carol", day=10), actor="bob", now=TODAY)
    with pytest.raises(BadSchedule, match="bob is not on call then"):
        swaps.accept(swap.pk, bob, TODAY)
    assert store.on_call(schedule, TODAY + DAY).people == ("alice",)
    assert Swap.objects.get().state == "open"


@pytest.mark.parametrize(
    ("times", "why"),
    [
        (("2026-03-18T09:00", "2026-03-19T09:00"), "bob is not on call on “Shop” then"),
        (("2026-03-02T09:00", "2026-03-11T09:00"), "It has begun"),
        (("2026-03-08T09:00", "2026-03-08T08:00"), "The end must come after the start"),
    ],
)
def test_only_a_shift_that_the_other_has_ahead_is_taken_in_return(
    schedule: Schedule, times: tuple[str, str], why: str
) -> None:
    with pytest.raises(BadSchedule, match=why):
        swapped(schedule, *times)


def test_shifts_that_overlap_and_of_anybody_are_not_swapped(schedule: Schedule) -> None:
    [alice] = make_people("alice")
    long = replace(replacing("", ""), ends="2026-03-12T09:00")
    with pytest.raises(BadSchedule, match="do not overlap"):
        swaps.ask(schedule.pk, long, alice, make_people("bob")[0], TODAY, in_return=(f"{long.ends[:8]}10", long.ends))
    with pytest.raises(BadSchedule, match="Say with whom you swap"):
        swaps.ask(schedule.pk, replacing("", ""), alice, None, TODAY, in_return=("2026-03-10", "2026-03-11"))


def test_a_swap_has_begun_when_the_first_of_its_shifts_has(schedule: Schedule) -> None:
    alice, bob = make_people("alice", "bob")
    mine = replace(replacing("", ""), starts="2026-03-09T09:00", ends="2026-03-10T09:00")
    swap = swaps.ask(schedule.pk, mine, bob, alice, TODAY, in_return=("2026-03-04T09:00", "2026-03-05T09:00"))
    assert swaps.state_of(swap, TODAY + DAY) == "expired"

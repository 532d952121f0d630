"""Shifts that are asked to be taken over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.oncall.kept import DAY, TODAY, make_people, make_schedule, replacing
from tocsin.accounts.models import User
from tocsin.oncall import store, swaps
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
    with pytest.raises(BadSchedule, match="You are not on call on “Shop” then"):
        swaps.ask(schedule.pk, replacing("", ""), bob, alice, TODAY)
    with pytest.raises(BadSchedule, match="Ask somebody else"):
        swaps.ask(schedule.pk, replacing("", ""), alice, alice, TODAY)
    with pytest.raises(BadSchedule, match="in the past"):
        swaps.ask(schedule.pk, replace(replacing("", ""), starts="2026-03-02", ends="2026-03-03"), alice, bob, TODAY)


def test_what_waits_is_seen_by_those_whom_it_concerns_until_it_is_over(schedule: Schedule) -> None:
    alice, bob, carol = make_people("alice", "bob", "carol")
    swap = asked(schedule, bob)
    assert [swaps.waiting_for(person, TODAY) for person in (alice, bob, carol)] == [[swap], [swap], []]
    assert swaps.waiting_for(bob, TODAY + 3 * DAY) == []
    with pytest.raises(BadSchedule, match="The shift is over"):
        swaps.accept(swap.pk, bob, TODAY + 3 * DAY)

"""Who is called next: one step at a time, every step once, and an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.factories import NOW
from tocsin.incidents.triage import Severity
from tocsin.notifications.rules import Hours
from tocsin.oncall.escalation import (
    BadPolicy,
    Policy,
    Situation,
    State,
    Step,
    Target,
    To,
    Wanted,
    also_nagged,
    answered,
    begun,
    carried_out,
    check,
    due,
    nagged,
    passed_over,
)

ALICE = Target(To.PERSON, "alice")
MINUTE = timedelta(minutes=1)
WAITS = some.lists(some.sampled_from([1, 2, 5, 17, 60]), min_size=1, max_size=5)
POLICIES = some.builds(
    lambda waits, rounds, holds: Policy(tuple(Step((ALICE,), wait) for wait in waits), rounds, holds),
    WAITS,
    some.integers(1, 4),
    some.sampled_from([0, 5, 30]),
)
# One draw each: a machine that is busy has to make hundreds of these lists in time.
LOOK = some.sampled_from([(minutes, reached) for minutes in (0, 1, 4, 5, 30, 90) for reached in (False, True)])
LOOKS = some.lists(LOOK, max_size=24)


@given(POLICIES, LOOKS)
def test_every_place_is_carried_out_once_in_order_and_then_there_is_an_end(
    policy: Policy, looks: list[tuple[int, bool]]
) -> None:
    state, now, carried = begun(NOW), NOW, []
    for minutes, reached in looks:
        now += minutes * MINUTE
        while due(policy, state, now).wanted is Wanted.CALL:
            carried.append(state.place)
            state = carried_out(policy, state, now, reached=reached)
    assert carried == list(range(len(carried)))
    assert len(carried) <= policy.places
    assert state.place == len(carried)


@given(POLICIES, LOOKS)
def test_at_any_instant_a_call_is_due_or_an_instant_is_named_or_it_is_over(
    policy: Policy, looks: list[tuple[int, bool]]
) -> None:
    state, now = begun(NOW), NOW
    for minutes, reached in looks:
        now += minutes * MINUTE
        found = due(policy, state, now)
        is_over = state.place >= policy.places and now >= state.next_at
        assert (found.wanted is Wanted.CALL, found.next_at is not None, is_over).count(True) == 1
        assert found.next_at is None or found.next_at > now
        if found.wanted is Wanted.CALL:
            state = carried_out(policy, state, now, reached=reached)


@given(POLICIES, some.integers(0, 10), some.integers(-600, 600))
def test_whoever_is_reached_has_the_wait_to_answer_even_when_the_clock_jumps(
    policy: Policy, place: int, jump: int
) -> None:
    state = carried_out(policy, replace(begun(NOW), place=place % policy.places), NOW, reached=True)
    found = due(policy, state, NOW + jump * MINUTE)
    if found.next_at is not None:
        wait = policy.step_at(state.place - 1).wait * MINUTE
        assert found.next_at - (NOW + jump * MINUTE) <= wait


@given(POLICIES, some.integers(0, 20), some.integers(0, 2000))
def test_after_an_answer_nobody_further_is_called_but_reminded_where_that_expires(
    policy: Policy, place: int, minutes: int
) -> None:
    state = answered(State(place % (policy.places + 1), NOW), NOW)
    found = due(policy, state, NOW + minutes * MINUTE)
    assert found.wanted is not Wanted.CALL
    assert (found.wanted is Wanted.NAG) == (policy.holds > 0 and minutes >= policy.holds)


def test_reminders_come_again_until_somebody_says_something() -> None:
    policy = Policy((Step((ALICE,)),), holds=30)
    state = nagged(answered(begun(NOW), NOW), NOW + 30 * MINUTE)
    assert due(policy, state, NOW + 59 * MINUTE).next_at == NOW + 60 * MINUTE
    assert due(policy, state, NOW + 60 * MINUTE).wanted is Wanted.NAG
    assert answered(state, NOW + 61 * MINUTE).nags == 0


def test_reminders_without_effect_go_to_the_steps_too() -> None:
    first, second = Step((ALICE,)), Step((Target(To.PERSON, "bob"),))
    found = [also_nagged(Policy((first, second)), nags) for nags in range(5)]
    assert found == [None, first, second, second, second]


def test_a_step_that_reached_nobody_is_followed_at_once_until_the_round_ends() -> None:
    policy = Policy((Step((ALICE,), 5), Step((ALICE,), 7)), rounds=2)
    state = carried_out(policy, begun(NOW), NOW, reached=False)
    assert due(policy, state, NOW).wanted is Wanted.CALL
    assert carried_out(policy, state, NOW, reached=False).next_at == NOW + 7 * MINUTE


def test_whoever_is_called_last_has_the_wait_to_answer_too() -> None:
    policy = Policy((Step((ALICE,), 5),))
    state = carried_out(policy, begun(NOW), NOW, reached=True)
    assert due(policy, state, NOW).next_at == NOW + 5 * MINUTE
    assert due(policy, state, NOW + 5 * MINUTE).reason == "every step was carried out, and nobody answered"


def test_what_is_over_calls_nobody() -> None:
    policy = Policy((Step((ALICE,)),))
    assert due(policy, replace(begun(NOW), ended_at=NOW), NOW + MINUTE).next_at is None


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (Step((ALICE,), severities=(Severity.CRITICAL,)), "it is for critical only"),
        (Step((ALICE,), hours=Hours.BUSINESS), "it is for business hours only"),
        (Step((ALICE,), hours=Hours.OTHERWISE), ""),
        (Step((ALICE,), severities=(Severity.CRITICAL, Severity.LOW)), ""),
    ],
)
def test_a_step_says_why_it_is_not_for_a_situation(step: Step, says: str) -> None:
    assert passed_over(step, Situation(Severity.LOW, is_business_time=False)) == says


@pytest.mark.parametrize(
    "policy",
    [
        Policy(()),
        Policy((Step(()),)),
        Policy((Step((ALICE,), 0),)),
        Policy((Step((ALICE,)),), rounds=11),
        Policy((Step((ALICE,)),), holds=1),
        Policy((Step((ALICE,)),) * 21),
    ],
)
def test_a_policy_that_could_call_nobody_or_too_much_is_refused(policy: Policy) -> None:
    with pytest.raises(BadPolicy):
        check(policy)


def test_places_are_named_as_people_count() -> None:
    policy = Policy((Step((ALICE,)), Step((ALICE,))), rounds=2)
    assert policy.named(3) == "step 2 of 2, round 2 of 2"

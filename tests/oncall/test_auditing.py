"""Whether everybody was told who should have been: judged from policy and times alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from tests.factories import NOW
from tocsin.oncall import escalation
from tocsin.oncall.auditing import Handed, Made, Record, Run, problems
from tocsin.oncall.escalation import Policy, Step, Target, To, Wanted

MINUTE = timedelta(minutes=1)
POLICY = Policy((Step((Target(To.PERSON, "alice"),), 5), Step((Target(To.PERSON, "bob"),), 5)), rounds=2, holds=30)
SENT = Handed(NOW, is_sent=True)


def made(place: int, at: float, *messages: Handed, is_nag: bool = False) -> Made:
    return Made(place + 1, NOW + at * MINUTE, place, is_nag, ("alice",), messages or (SENT,))


def run(*calls: Made, answered: float | None = None) -> Run:
    return Run("run:1", POLICY, NOW, NOW + answered * MINUTE if answered is not None else None, calls)


def said(record: Record, at: float) -> list[str]:
    return [problem.text for problem in problems(record, NOW + at * MINUTE)]


def of(found: Run | None) -> Record:
    return Record(NOW, has_policy=True, run=found)


def test_an_incident_that_nobody_was_called_for_is_an_alarm_where_a_policy_counts() -> None:
    assert said(of(None), 1) == []
    assert said(of(None), 2) == ["A policy is chosen for it, and nobody has been called for 2 min."]
    assert said(Record(NOW, has_policy=False, run=None), 60) == []


def test_a_step_that_does_not_come_is_an_alarm() -> None:
    assert said(of(run(made(0, 0))), 6) == []
    assert said(of(run(made(0, 0))), 8) == ["step 2 of 2, round 1 of 2 is 3 min late."]


def test_a_step_that_came_too_late_stays_one() -> None:
    assert said(of(run(made(0, 60))), 61) == ["step 1 of 2, round 1 of 2 came 60 min late."]


def test_what_came_after_all_is_past_and_what_is_still_to_come_is_not() -> None:
    found = problems(of(run(made(0, 60))), NOW + 120 * MINUTE)
    assert [problem.is_past for problem in found] == [True, False]
    late = of(run(made(0, 0), made(1, 60, is_nag=True), answered=1))
    assert [problem.is_past for problem in problems(late, NOW + 61 * MINUTE)] == [True]


def test_steps_that_were_left_out_are_an_alarm() -> None:
    assert said(of(run(made(0, 0), made(2, 5))), 6) == ["Steps were left out or repeated: 0, 2."]


def test_a_call_in_the_future_tells_of_a_clock_that_was_set_back() -> None:
    assert said(of(run(made(0, 60))), 0) == ["The last call lies 60 min ahead: a clock was set back."]


def test_a_run_that_is_through_owes_nothing() -> None:
    assert said(of(run(*(made(place, place * 5) for place in range(4)))), 600) == []


def test_a_reminder_that_does_not_come_is_an_alarm() -> None:
    assert said(of(run(made(0, 0), answered=1)), 31) == []
    assert said(of(run(made(0, 0), answered=1)), 40) == ["Reminder 1 is 9 min late."]
    assert said(of(run(made(0, 0), made(1, 31, is_nag=True), answered=1)), 40) == []


def test_a_call_without_a_message_is_an_alarm() -> None:
    call = replace(made(0, 0), messages=())
    assert said(of(run(call)), 1) == ["Step 1 of 2, round 1 of 2 says that it told alice: no message is there."]


def test_a_call_that_no_vendor_takes_is_an_alarm_with_what_the_vendor_says() -> None:
    down = Handed(NOW, is_sent=False, note="answered 503")
    assert said(of(run(made(0, 0, down))), 2) == []
    assert said(of(run(made(0, 0, down))), 4) == ["Step 1 of 2, round 1 of 2 has reached nobody (alice): answered 503."]
    assert said(of(run(made(0, 0, down, SENT))), 4) == []
    assert said(of(run(made(0, 0, replace(down, is_suppressed=True)))), 4) == []


def test_a_call_that_nobody_got_is_no_alarm_when_somebody_has_it_but_a_reminder_is() -> None:
    down = Handed(NOW, is_sent=False, note="answered 503")
    assert said(of(run(made(0, 0, down), answered=1)), 4) == []
    assert said(of(run(made(0, 0), made(1, 31, down, is_nag=True), answered=1)), 40) == [
        "A reminder has reached nobody (alice): answered 503."
    ]


def test_what_waits_for_the_end_of_quiet_hours_is_no_alarm() -> None:
    assert said(of(run(made(0, 0, Handed(NOW + 60 * MINUTE, is_sent=False)))), 4) == []


@given(some.lists(some.tuples(some.integers(0, 59), some.booleans()), min_size=1, max_size=40))
def test_a_run_that_is_looked_at_every_minute_never_raises_an_alarm(looks: list[tuple[int, bool]]) -> None:
    """The machine against its judge: what one does at the pace of a worker, the other finds right."""
    calls: list[Made] = []
    state, now = escalation.begun(NOW), NOW
    for seconds, reached in looks:
        now += timedelta(seconds=seconds)
        while escalation.due(POLICY, state, now).wanted is Wanted.CALL:
            calls.append(Made(len(calls) + 1, now, state.place, False, (), ()))
            state = escalation.carried_out(POLICY, state, now, reached=reached)
        assert problems(of(Run("run:1", POLICY, NOW, None, tuple(calls))), now) == []

"""What people do to actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories import NOW, make_incident, make_user
from tocsin.ground.edits import BadEdit
from tocsin.ground.models import Timer
from tocsin.incidents import followup
from tocsin.incidents.actions import Action, Horizon, Kind, Plan, State
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db
PLAN = Plan("Alert on the queue's length", Kind.DETECT, Horizon.SPRINT, due_on=date(2026, 3, 5))


def opened(plan: Plan = PLAN, incident: Incident | None = None) -> Action:
    return followup.add((incident or make_incident()).pk, plan, actor="alice", now=NOW)


def lines(action: Action) -> list[str]:
    return [entry.text for entry in action.incident.timeline.order_by("id")]


def test_actions_are_numbered_within_their_incident() -> None:
    incident = make_incident()
    names = [opened(incident=incident).name for _ in range(2)]
    assert names == [f"ACTION-INC{incident.pk:03d}-{ordinal}" for ordinal in (1, 2)]
    assert opened().ordinal == 1


def test_opening_is_told_on_the_timeline() -> None:
    action = opened()
    assert lines(action) == [f"{action.name} opened: Alert on the queue's length"]


@pytest.mark.parametrize("title", ["", " \n", "x" * 301])
def test_an_action_needs_a_title_that_fits(title: str) -> None:
    with pytest.raises(BadChange):
        opened(replace(PLAN, title=title))
    assert not Action.objects.exists()


def test_a_deadline_is_a_day_that_comes() -> None:
    with pytest.raises(BadChange, match="too far away"):
        opened(replace(PLAN, due_on=date.max))


def test_words_that_somebody_has_not_seen_are_not_written_over() -> None:
    action = opened()
    followup.revise(action.pk, replace(PLAN, criteria="it pages in a drill"), seen=1, actor="bob", now=NOW)
    with pytest.raises(BadEdit, match="bob has changed"):
        followup.revise(action.pk, replace(PLAN, title="mine"), seen=1, actor="alice", now=NOW)
    action.refresh_from_db()
    assert (action.criteria, action.version) == ("it pages in a drill", 2)


def test_an_edit_says_what_it_changed_and_one_of_nothing_says_nothing() -> None:
    action = opened()
    followup.revise(action.pk, PLAN, seen=1, actor="bob", now=NOW)
    followup.revise(action.pk, replace(PLAN, owner=make_user().pk), seen=1, actor="bob", now=NOW)
    assert lines(action)[1:] == [f"{action.name} has another owner: {PLAN.title}"]


@pytest.mark.parametrize("to", [State.DONE, State.DROPPED])
def test_an_end_needs_words(to: State) -> None:
    action = opened()
    with pytest.raises(BadChange):
        followup.move(action.pk, to, words=" ", actor="bob", now=NOW)
    ended = followup.move(action.pk, to, words="drill of 1 March", actor="bob", now=NOW)
    assert (ended.ended_by, ended.ended_at, ended.ended_with) == ("bob", NOW, "drill of 1 March")


def test_what_is_done_is_taken_up_again_with_a_reason() -> None:
    action = opened()
    followup.move(action.pk, State.DONE, words="seen", actor="bob", now=NOW)
    with pytest.raises(BadChange, match="why it is taken up again"):
        followup.move(action.pk, State.OPEN, actor="bob", now=NOW)
    again = followup.move(action.pk, State.OPEN, words="it paged nobody", actor="bob", now=NOW)
    assert (again.ended_at, again.ended_by, again.ended_with) == (None, "", "")


def test_who_is_late_is_told_once_a_week() -> None:
    action, late = opened(), NOW + timedelta(days=5)
    for now in (late - timedelta(days=2), late, late, late + timedelta(days=8)):
        sweep(now)
    told = [line for line in lines(action) if "overdue" in line]
    assert told == [f"{action.name} is overdue since 2026-03-05: {PLAN.title} (nobody's)"] * 2


def test_what_is_done_reminds_nobody() -> None:
    action = opened()
    followup.move(action.pk, State.DONE, words="seen", actor="bob", now=NOW)
    assert not Timer.objects.filter(kind=followup.TIMER).exists()
    followup.remind(action.pk, NOW + timedelta(days=30))
    assert not any("overdue" in line for line in lines(action))


def test_another_deadline_is_another_appointment() -> None:
    action = opened()
    followup.revise(action.pk, replace(PLAN, due_on=None), seen=1, actor="bob", now=NOW)
    assert not Timer.objects.filter(kind=followup.TIMER).exists()


def test_an_action_is_found_by_its_name() -> None:
    action = opened()
    assert followup.called(action.name.lower()) == action
    for name in ("INC-001", "ACTION-INC999-1"):
        with pytest.raises(Action.DoesNotExist):
            followup.called(name)

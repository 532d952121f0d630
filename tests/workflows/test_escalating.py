"""Runs of policies: begun by what happens, carried on by timers, ended by an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories import NOW, make_user
from tests.notifications.made import make_channel
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tests.oncall.kept import make_schedule
from tests.oncall.schedules import layer
from tests.workflows.sending import minutes
from tocsin.accounts.models import Role, User
from tocsin.ground.edits import BadEdit
from tocsin.incidents import assessments, changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.incidents.undoing import undo
from tocsin.notifications.models import Message
from tocsin.notifications.rules import Audience, Hours
from tocsin.oncall import policies
from tocsin.oncall.escalation import Policy
from tocsin.oncall.escalations import Escalation
from tocsin.oncall.policies import Draft
from tocsin.workflows import escalating, timers
from tocsin.workflows.telling import tell

pytestmark = pytest.mark.django_db


def run_until(now: datetime, *, since: datetime = NOW) -> None:
    """The worker, looking every half minute."""
    at = since
    while at <= now:
        tell(at)
        timers.sweep(at, (escalating.TIMER,))
        at += timedelta(seconds=30)


def paged() -> list[str]:
    """Who was called, in order; what was suppressed counts not."""
    called = Message.objects.filter(kind__in=["page", "nag"]).exclude(state="suppressed").order_by("id")
    return [
        f"{kind} {user or channel}"
        for kind, user, channel in called.values_list("kind", "user__username", "channel__name")
    ]


def said() -> list[str]:
    return list(TimelineEntry.objects.filter(kind="escalation").order_by("id").values_list("text", flat=True))


@pytest.fixture
def two() -> None:
    """Alice, then bob five minutes later, then alice again."""
    make_reachable("alice")
    make_reachable("bob")
    make_policy(step("person alice"), step("person bob"), rounds=2, holds=30)


@pytest.mark.usefixtures("two")
def test_people_are_called_step_by_step_round_by_round_and_then_it_says_so() -> None:
    opened()
    run_until(minutes(4))
    assert paged() == ["page alice"]
    run_until(minutes(60), since=minutes(4.5))
    assert paged() == ["page alice", "page bob", "page alice", "page bob"]
    assert said()[0] == "Paged alice by push: step 1 of 2, round 1 of 2; next: person bob at 03:05 UTC."
    assert said()[-1] == "Everybody of “Shop” was called 2 × in vain: nobody else will be."


def test_that_everybody_was_called_in_vain_is_said_once_after_the_last_had_their_time_to_answer() -> None:
    make_reachable("alice")
    make_policy(step("person alice", 5))
    incident = opened()
    run_until(minutes(4.5))
    assert said() == ["Paged alice by push: step 1 of 1; nobody follows."]
    run_until(minutes(5), since=minutes(5))
    changes.add_note(incident.pk, "What is this?", actor="eve", now=minutes(6))
    run_until(minutes(7), since=minutes(6))
    assert said()[1:] == ["Everybody of “Shop” was called 1 × in vain: nobody else will be."]


def test_whoever_answers_the_last_call_in_time_was_not_called_in_vain() -> None:
    make_reachable("alice")
    make_policy(step("person alice", 5))
    incident = opened()
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="alice", now=minutes(2))
    run_until(minutes(10), since=minutes(2))
    assert len(said()) == 1


@pytest.mark.usefixtures("two")
def test_an_acknowledgement_stops_it_and_what_waits_is_not_sent() -> None:
    incident = opened()
    make_reachable("alice", delay=10)
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="alice", now=minutes(1))
    run_until(minutes(20), since=minutes(1))
    assert Message.objects.filter(kind="page", user__username="bob").count() == 0
    assert "answered" in Message.objects.filter(next_try_at__gt=minutes(5)).get().note


@pytest.mark.usefixtures("two")
def test_an_acknowledgement_that_the_worker_has_not_heard_of_yet_still_stops_the_next_step() -> None:
    incident = opened()
    run_until(minutes(4))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="alice", now=minutes(5))
    escalating.look(incident.pk, minutes(5))
    assert Message.objects.filter(user__username="bob").count() == 0


@pytest.mark.usefixtures("two")
def test_after_an_acknowledgement_that_expires_people_are_reminded_until_something_happens() -> None:
    incident = opened()
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="bob", now=minutes(1))
    run_until(minutes(62), since=minutes(1))
    assert paged() == ["nag bob", "nag bob", "nag alice"]
    escalating.answer(incident.pk, actor="bob", now=minutes(63))
    run_until(minutes(92), since=minutes(63))
    assert paged() == []
    run_until(minutes(94), since=minutes(92.5))
    assert paged() == ["nag bob"]


@pytest.mark.usefixtures("two")
def test_a_resolved_incident_calls_nobody_and_a_reopened_one_by_tocsin_does_again() -> None:
    incident = opened()
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.RESOLVED, actor="alice", now=minutes(1), resolution=Resolution.FIXED)
    run_until(minutes(30), since=minutes(1))
    changes.change_status(incident.pk, Status.INVESTIGATING, actor="tocsin", now=minutes(30), reason="it came back")
    run_until(minutes(31), since=minutes(30))
    assert [run.ended_because for run in Escalation.objects.order_by("id")] == ["it is resolved", ""]
    assert Message.objects.filter(kind="page").count() == 2


@pytest.mark.usefixtures("two")
def test_whoever_reopens_it_for_others_to_take_has_not_answered() -> None:
    incident = opened()
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.RESOLVED, actor="alice", now=minutes(1), resolution=Resolution.FIXED)
    changes.change_status(incident.pk, Status.TRIGGERED, actor="carol", now=minutes(2), reason="it is not over")
    run_until(minutes(3), since=minutes(2))
    assert said()[-1].startswith("Paged alice by push")


@pytest.mark.usefixtures("two")
def test_an_acknowledgement_that_is_undone_calls_again_from_the_beginning() -> None:
    incident = opened()
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="alice", now=minutes(1))
    run_until(minutes(1), since=minutes(1))
    mistaken = TimelineEntry.objects.get(kind="status")
    undo(incident.pk, mistaken.pk, actor="alice", now=minutes(1.1))
    run_until(minutes(7), since=minutes(1.5))
    assert [run.ended_because for run in Escalation.objects.order_by("id")] == ["whoever had it took that back", ""]
    assert paged()[-2:] == ["page alice", "page bob"]


@pytest.mark.usefixtures("two")
def test_where_whoever_has_it_can_not_be_reminded_the_first_step_is_at_once() -> None:
    incident = opened()
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="carol", now=minutes(1))
    run_until(minutes(32), since=minutes(1))
    assert paged()[-1] == "nag alice"


@pytest.mark.usefixtures("two")
def test_a_severity_raised_after_the_acknowledgement_tells_people_again() -> None:
    incident = opened(severity="medium")
    run_until(minutes(1))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="alice", now=minutes(1))
    run_until(minutes(2), since=minutes(1))
    assessments.set_severity(incident.pk, Severity.CRITICAL, actor="bob", now=minutes(2), note="it is the checkout")
    run_until(minutes(3), since=minutes(2))
    assert "raised from medium to critical" in Escalation.objects.latest("id").because
    assert Message.objects.filter(kind="page", user__username="alice").count() == 2
    escalating.answer(incident.pk, actor="alice", now=minutes(3))
    run_until(minutes(20), since=minutes(3))
    assert Message.objects.filter(kind="page").count() == 2


@pytest.mark.usefixtures("two")
def test_an_edit_does_not_change_a_run_that_has_begun() -> None:
    opened()
    run_until(minutes(1))
    row = policies.in_use().get()
    draft = Draft("Shop", Policy((step("person alice"),)))
    policies.edit(row.pk, draft, seen=1, actor="ada", now=minutes(1))
    with pytest.raises(BadEdit):
        policies.edit(row.pk, draft, seen=1, actor="eve", now=minutes(1))
    run_until(minutes(6), since=minutes(1))
    assert paged() == ["page alice", "page bob"]


def test_whoever_is_on_call_is_called() -> None:
    make_reachable("alice")
    make_schedule("Payments", layer())
    make_policy(step("schedule payments"))
    opened(at=NOW + timedelta(days=2))
    run_until(NOW + timedelta(days=2), since=NOW + timedelta(days=2))
    assert paged() == ["page alice"]
    assert Message.objects.get(kind="page").reason == "alice is on call by “Payments”, step 1 of 1 of the policy “Shop”"


def test_the_managers_of_the_project_are_called() -> None:
    make_reachable("mia")
    User.objects.update(role=Role.MANAGER)
    make_policy(step("role managers"))
    opened()
    run_until(NOW)
    assert Message.objects.get(kind="page").reason.startswith("mia is a manager of ")


@pytest.mark.usefixtures("two")
def test_whoever_is_called_reads_who_follows_and_whoever_is_reminded_who_has_it() -> None:
    incident = opened()
    run_until(minutes(1))
    [page] = Message.objects.filter(kind="page")
    assert page.notice["text"] == "Nobody has acknowledged it; next: person bob at 03:05 UTC."
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="bob", now=minutes(1))
    run_until(minutes(32), since=minutes(1))
    [nag] = Message.objects.filter(kind="nag")
    assert nag.notice["text"] == "bob has it, and nothing was heard of it for 30 min."


def test_that_no_one_was_notified_is_said_with_the_reasons() -> None:
    make_user("carl")
    make_policy(step("person carl\nrole lead"))
    incident = opened()
    run_until(minutes(6))
    assert said()[0] == (
        "No one was notified by step 1 of 1, because carl has no confirmed way to be reached; "
        f"nobody is lead of {incident.name}."
    )
    assert said()[1].startswith("No one was notified, because carl has no confirmed way")


def test_a_step_that_reaches_nobody_is_followed_at_once() -> None:
    make_user("carl")
    make_reachable("bob")
    make_policy(step("person carl", 60), step("person bob"))
    opened()
    run_until(NOW)
    assert paged() == ["page bob"]


def test_a_step_for_other_hours_or_severities_is_passed_over() -> None:
    make_reachable("alice")
    make_reachable("bob")
    make_policy(step("person alice", severities=(Severity.CRITICAL,)), step("person bob", hours=Hours.ALWAYS))
    opened(severity="low")
    run_until(NOW)
    assert paged() == ["page bob"]


def test_a_channel_is_called_too_and_one_without_a_place_is_told_as_missed() -> None:
    make_channel("ntfy", Audience.NOBODY, "room", topic="ops")
    make_channel("sms", Audience.NOBODY, "phones")
    make_policy(step("channel room\nchannel phones"))
    opened()
    run_until(NOW)
    assert paged() == ["page room"]
    assert "the channel phones has no place of its own" in said()[0]


def test_where_no_policy_is_chosen_the_timeline_says_that_nobody_is_called_once() -> None:
    make_reachable("alice")
    make_policy(step("person alice"), severity="critical")
    incident = opened(severity="low")
    run_until(minutes(2))
    changes.add_note(incident.pk, "Looking.", actor="alice", now=minutes(2))
    run_until(minutes(3), since=minutes(2))
    assert said() == ["No one was notified, because no escalation policy is chosen for low incidents of shop."]


@pytest.mark.usefixtures("two")
def test_while_a_silence_holds_it_nobody_is_called_and_afterwards_they_are() -> None:
    incident = opened(held_until=minutes(10))
    run_until(minutes(9))
    assert paged() == []
    Incident.objects.update(held_until=None)
    changes.record(incident, "silence", "Silence 3 ended, still firing.", actor="tocsin", now=minutes(10))
    run_until(minutes(10), since=minutes(10))
    assert paged() == ["page alice"]


@pytest.mark.usefixtures("two")
def test_looking_twice_calls_once() -> None:
    incident = opened()
    for _ in range(3):
        escalating.look(incident.pk, NOW)
    assert paged() == ["page alice"]


@pytest.mark.usefixtures("two")
def test_after_an_outage_everybody_is_still_called_each_with_time_to_answer() -> None:
    opened()
    run_until(minutes(180), since=minutes(120))
    called = Message.objects.filter(kind="page").order_by("id").values_list("created_at", flat=True)
    assert list(called) == [minutes(120 + 5 * number) for number in range(4)]


@pytest.mark.usefixtures("two")
def test_nobody_is_called_who_may_not_work_on_the_incident() -> None:
    make_user("vic", "viewer")
    policies.edit(policies.in_use().get().pk, Draft("Shop", Policy((step("person vic"),))), seen=1, actor="a", now=NOW)
    opened()
    run_until(NOW)
    assert "vic may not work on incidents of shop" in said()[0]

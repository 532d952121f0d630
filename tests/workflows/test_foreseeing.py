"""The course of a run before it happens; and that it happens so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_environment, make_user
from tests.notifications.made import make_channel
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tests.oncall.kept import make_schedule
from tests.oncall.schedules import layer
from tests.workflows.sending import minutes
from tests.workflows.test_escalating import run_until
from tocsin.accounts.models import Role, User
from tocsin.incidents.triage import Severity
from tocsin.notifications import contacts
from tocsin.notifications.models import Channel, Message
from tocsin.notifications.rules import Audience
from tocsin.oncall.escalation import Policy
from tocsin.oncall.escalations import EscalationCall
from tocsin.oncall.policies_written import read
from tocsin.workflows.foreseeing import Moment, foresee

pytestmark = pytest.mark.django_db


def course(policy: Policy, severity: Severity = Severity.HIGH) -> list[Moment]:
    return foresee(policy, make_environment().project_id, severity, NOW)


def test_the_course_names_who_is_told_when_and_how_and_who_cannot_be() -> None:
    make_reachable("alice", delay=3)
    make_user("carl")
    found = course(Policy((step("person alice\nrole lead", 10), step("person carl"))))
    assert [(each.at, each.step) for each in found] == [(NOW, "step 1 of 2"), (minutes(10), "step 2 of 2")]
    assert [(told.who, told.ways) for told in found[0].told] == [("alice", ("push in 3 min",)), ("whoever is lead", ())]
    assert found[1].missed == ("carl has no confirmed way to be reached",)


def test_quiet_hours_are_foreseen_and_broken_by_what_is_critical() -> None:
    alice = make_reachable("alice")
    contacts.set_quiet(alice, "00:00", "07:00", "UTC")
    policy = Policy((step("person alice"),))
    assert course(policy)[0].told[0].ways == ("push in 4 h 00 min (quiet hours)",)
    assert course(policy, Severity.CRITICAL)[0].told[0].ways == ("push",)


def test_a_schedule_is_asked_for_the_time_of_the_step() -> None:
    make_schedule("Payments", layer())
    make_reachable("alice")
    make_reachable("bob")
    policy = Policy((step("schedule payments", 24 * 60), step("schedule payments", 24 * 60)))
    begun = NOW + timedelta(days=8)
    found = foresee(policy, make_environment().project_id, Severity.HIGH, begun)
    assert [told.who for each in found for told in each.told] == ["alice", "bob"]


def test_who_may_not_and_what_rests_is_foreseen_to_be_missed() -> None:
    make_reachable("vera")
    User.objects.update(role=Role.VIEWER)
    make_channel("console", name="room", audience=Audience.NOBODY)
    policy = Policy((step("person vera\nchannel room\nchannel gone"),))
    [moment] = course(policy)
    assert [told.who for told in moment.told] == ["channel room"]
    assert moment.missed == ("vera may not work on incidents of shop", "there is no channel gone any more")
    Channel.objects.update(paused_at=NOW)
    assert "the channel room is paused" in course(policy)[0].missed


def test_who_was_never_there_is_told_from_who_was_shut_out() -> None:
    User.objects.filter(pk=make_reachable("alice").pk).update(is_active=False)
    [moment] = course(Policy((step("person alcie\nperson alice"),)))
    assert moment.missed == ("there is nobody called “alcie”", "the account of alice is switched off")


def test_what_was_foreseen_happens() -> None:
    make_reachable("alice")
    make_reachable("bob")
    row = make_policy(step("person alice", 7), step("person bob", 3), rounds=3)
    expected = [(each.at, each.told[0].who) for each in course(read(row.definition))]
    opened()
    run_until(minutes(60))
    calls = EscalationCall.objects.order_by("number")
    assert [(call.at, call.told[0]["who"]) for call in calls] == expected
    assert Message.objects.filter(kind="page").count() == len(expected)


def test_managers_of_the_project_are_foreseen_by_name_and_admins_are_not() -> None:
    policy = Policy((step("role managers"),))
    make_user("ada", Role.ADMIN)
    [moment] = course(policy)
    assert (moment.told, moment.missed) == ((), (f"nobody is a manager of {make_environment().project.slug}",))
    User.objects.filter(pk=make_reachable("mia").pk).update(role=Role.MANAGER)
    [told] = course(policy)[0].told
    assert (told.who, told.ways) == ("mia", ("push",))

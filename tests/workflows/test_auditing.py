"""The auditor looks at what is there, says what is wrong once, and brings lost timers back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.notifications.made import make_channel
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tests.workflows.sending import minutes
from tests.workflows.test_escalating import paged, run_until
from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.notifications.models import ContactMethod, Message
from tocsin.notifications.rules import Audience
from tocsin.oncall import escalations
from tocsin.oncall.escalations import Alarm, PolicyChoice, Watch
from tocsin.workflows import auditing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_reachable("alice")
    make_reachable("bob")
    make_policy(step("person alice"), step("person bob"), holds=30)


def alarms() -> list[str]:
    return list(Alarm.objects.order_by("id").values_list("text", flat=True))


def standing() -> list[str]:
    return [alarm.text for alarm in escalations.standing()]


def test_all_is_well_where_everybody_was_told() -> None:
    incident = opened()
    run_until(minutes(1))
    Message.objects.update(state="sent")
    assert auditing.audit(minutes(1)) == 0
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="alice", now=minutes(2))
    run_until(minutes(20), since=minutes(2))
    assert auditing.audit(minutes(20)) == 0


def test_an_incident_that_was_forgotten_is_told_of_once_and_called_for() -> None:
    make_channel("ntfy", Audience.NOBODY, "room", topic="ops")
    Watch.objects.create(pk=1, fallback=make_channel("console", Audience.NOBODY))
    incident = opened()
    assert (auditing.audit(minutes(3)), auditing.audit(minutes(3.5))) == (1, 0)
    assert alarms() == ["A policy is chosen for it, and nobody has been called for 3 min."]
    assert TimelineEntry.objects.filter(incident=incident, kind="alarm").count() == 1
    assert Message.objects.get(channel__kind="console").kind == "not acknowledged"
    run_until(minutes(4), since=minutes(4))
    assert paged() == ["page alice"]


def test_a_timer_that_was_lost_is_found_missing_and_set_again() -> None:
    opened()
    run_until(minutes(1))
    Message.objects.update(state="sent")
    Timer.objects.all().delete()
    assert auditing.audit(minutes(8)) == 1
    run_until(minutes(8), since=minutes(8))
    assert paged() == ["page alice", "page bob"]


def test_a_vendor_that_takes_nothing_is_an_alarm() -> None:
    opened()
    run_until(minutes(1))
    Message.objects.update(state="waiting", tries=3, note="answered 503", next_try_at=minutes(6))
    auditing.audit(minutes(4.5))
    assert alarms() == ["Step 1 of 2 has reached nobody (alice): answered 503."]


def test_an_alarm_ends_when_the_call_goes_out_after_all_and_the_timeline_keeps_it() -> None:
    opened()
    run_until(minutes(1))
    Message.objects.update(state="waiting", tries=3, note="answered 503", next_try_at=minutes(6))
    auditing.audit(minutes(4.5))
    assert len(standing()) == 1
    Message.objects.update(state="sent")
    auditing.audit(minutes(5))
    assert standing() == []
    assert TimelineEntry.objects.filter(kind="alarm").count() == 1


def test_an_alarm_ends_when_somebody_has_the_incident() -> None:
    incident = opened()
    run_until(minutes(1))
    Message.objects.all().delete()
    auditing.audit(minutes(2))
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="eve", now=minutes(3))
    run_until(minutes(3), since=minutes(3))
    auditing.audit(minutes(3.5))
    assert standing() == []


def test_an_alarm_ends_with_its_incident() -> None:
    incident = opened()
    auditing.audit(minutes(3))
    changes.change_status(incident.pk, Status.RESOLVED, actor="eve", now=minutes(4), resolution=Resolution.FIXED)
    assert standing() == []
    auditing.audit(minutes(5))
    assert Alarm.objects.get().ended_at == minutes(5)


def test_an_alarm_holds_however_long_ago_its_call_was() -> None:
    opened()
    run_until(minutes(12))
    Message.objects.update(state="failed", note="answered 410")
    auditing.audit(minutes(13))
    auditing.audit(minutes(60 * 10))
    assert "Step 1 of 2 has reached nobody (alice): answered 410." in standing()


def test_what_ended_and_is_so_again_is_said_again() -> None:
    incident = opened()
    auditing.audit(minutes(3))
    Incident.objects.update(held_until=minutes(30))
    auditing.audit(minutes(4))
    Incident.objects.update(held_until=None)
    assert auditing.audit(minutes(31)) == 1
    assert TimelineEntry.objects.filter(incident=incident, kind="alarm").count() == 2
    assert len(standing()) == 1


def test_messages_that_are_gone_are_an_alarm() -> None:
    opened()
    run_until(minutes(1))
    Message.objects.all().delete()
    auditing.audit(minutes(2))
    assert "no message is there" in alarms()[0]


def test_a_run_that_reached_nobody_is_an_alarm_with_its_reasons() -> None:
    ContactMethod.objects.all().delete()
    opened()
    run_until(minutes(6))
    auditing.audit(minutes(6))
    why = "alice has no confirmed way to be reached; bob has no confirmed way to be reached"
    assert alarms() == [f"No one was notified: {why}."]


def test_a_run_whose_steps_are_for_others_is_no_alarm() -> None:
    make_policy(step("person alice", severities=(Severity.CRITICAL,)), name="Nights")
    opened(severity="low")
    run_until(minutes(6))
    assert auditing.audit(minutes(6)) == 0


def test_however_many_incidents_have_no_run_they_are_looked_at_together(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    incidents = [opened() for _ in range(20)]
    with django_assert_max_num_queries(5):
        records = auditing.records_of(incidents, minutes(1))
    assert all(record.has_policy for record in records.values())


def test_a_severity_without_a_policy_is_no_alarm() -> None:
    PolicyChoice.objects.update(severity="critical")
    opened(severity="low")
    assert auditing.audit(minutes(10)) == 0


def test_what_began_before_a_policy_was_chosen_owes_nobody_a_call() -> None:
    opened(at=minutes(-60))
    assert auditing.audit(minutes(10)) == 0


def test_the_beat_of_the_auditor_is_kept() -> None:
    assert not auditing.is_alive(auditing.watch(), minutes(0))
    auditing.audit(minutes(0))
    assert auditing.is_alive(auditing.watch(), minutes(1))
    assert not auditing.is_alive(auditing.watch(), minutes(0) + timedelta(minutes=3))

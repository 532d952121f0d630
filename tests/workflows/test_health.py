"""Each part is looked at where it is kept; what can't be looked at is never said to be well."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.factories import NOW, make_incident, make_source
from tests.notifications.made import lay_in, make_channel
from tests.oncall.escalating import make_reachable
from tests.oncall.kept import TODAY, make_schedule
from tocsin.ground.models import Process, Timer
from tocsin.notifications import leaving
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, ContactMethod, Event, Message
from tocsin.oncall.escalations import Alarm, Watch
from tocsin.workflows import health, watching
from tocsin.workflows.signs import WORK, Sign, Standing

pytestmark = pytest.mark.django_db


def process(kind: str, seconds: float = 1) -> None:
    """A process that was heard of so long ago, whose parts all went well then."""
    beat = NOW - timedelta(seconds=seconds)
    parts = {name: {"ago": 1.0, "wrong": ""} for name in WORK} if kind == "worker" else {}
    Process.objects.create(name=f"{kind}:1", kind=kind, started_at=beat - timedelta(hours=1), beat_at=beat, parts=parts)


@pytest.fixture
def _running() -> None:
    process("web")
    process("worker")
    Watch.objects.create(pk=1, audited_at=NOW, audited=2, fallback=make_channel())


def signs() -> dict[str, Sign]:
    return {sign.key: sign for sign in health.look(NOW)}


def raised(minutes: float = 1) -> Alarm:
    incident = make_incident()
    at = NOW - timedelta(minutes=minutes)
    return Alarm.objects.create(incident=incident, key="k", text="Step 1 is 2 min late.", raised_at=at)


@pytest.mark.usefixtures("_running")
def test_where_all_runs_all_is_well() -> None:
    make_source()
    found = [sign for sign in health.look(NOW) if sign.standing is not Standing.WELL]
    assert [sign.said for sign in found] == ["Nothing has come from it yet."]


def test_where_nothing_runs_the_vital_parts_fail() -> None:
    found = signs()
    names = ("web", "worker", "timers", "delivery", "auditor")
    assert {found[name].standing for name in names} == {Standing.FAILING}
    assert found["audit"].standing is Standing.UNKNOWN


@pytest.mark.usefixtures("_running")
def test_a_timer_that_nobody_carries_out_and_a_message_that_nobody_sends_are_late() -> None:
    Timer.objects.create(kind="quiet", key="1", due_at=NOW - timedelta(minutes=5))
    lay_in(make_channel(name="other"))
    Message.objects.update(next_try_at=NOW - timedelta(minutes=5))
    found = signs()
    assert found["lateness"].said == found["outbox"].said == "1 due and not done."


@pytest.mark.usefixtures("_running")
def test_what_waits_behind_a_message_that_a_vendor_does_not_take_is_not_the_workers_fault() -> None:
    channel, incident = make_channel("ntfy", name="pushes"), make_incident()
    facts = facts_of([incident.pk])[incident.pk]
    first, second = (lay_in(channel, key, facts=facts) for key in ("one", "two"))
    Message.objects.filter(pk=first.pk).update(tries=3, next_try_at=NOW + timedelta(minutes=5))
    Message.objects.filter(pk=second.pk).update(next_try_at=NOW - timedelta(minutes=5))
    assert signs()["outbox"].standing is Standing.WELL


@pytest.mark.usefixtures("_running")
def test_a_channel_that_takes_nothing_is_named_with_what_it_answers() -> None:
    message = lay_in(make_channel("ntfy", name="pushes"))
    Message.objects.filter(pk=message.pk).update(state="failed", tries=1, note="answered 404")
    sign = signs()[f"channel-{message.channel_id}"]
    assert (sign.title, sign.said) == ("Channel pushes", "Nothing went out of the last 1: answered 404")
    Message.objects.update(state="sent")
    assert f"channel-{message.channel_id}" not in signs()


@pytest.mark.usefixtures("_running")
def test_what_cannot_be_looked_at_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(now: object) -> list[Sign]:
        raise OperationalError("host secret.example.org is gone")

    monkeypatch.setattr(health, "_disk", gone)
    assert (signs()["disk"].standing, signs()["disk"].said) == (
        Standing.UNKNOWN,
        "It could not be looked at: OperationalError.",
    )


@pytest.mark.usefixtures("_running")
def test_pages_warn_of_an_alarm_until_somebody_takes_note() -> None:
    alarm = raised()
    Event.objects.all().delete()
    seen = watching.look(NOW)
    assert [each.text for each in seen.of(lambda project: True)] == [alarm.text]
    assert seen.failing == ()
    assert seen.of(lambda project: False) == []
    Alarm.objects.update(seen_at=NOW)
    assert watching.look(NOW).alarms == ()


@pytest.mark.usefixtures("_running")
def test_an_alarm_is_warned_of_while_it_holds_and_no_longer() -> None:
    alarm = raised(minutes=25 * 60)
    assert watching.look(NOW).alarms != ()
    alarm.incident.status = "resolved"
    alarm.incident.save()
    assert watching.look(NOW).alarms == ()
    assert signs()["audit"].standing is Standing.WELL


def test_without_a_worker_pages_warn_of_that_alone() -> None:
    assert [sign.key for sign in watching.look(NOW).failing] == ["worker"]


def test_who_is_on_call_and_can_not_be_reached_is_named() -> None:
    make_reachable("alice")
    make_schedule()
    said = [{sign.key: sign for sign in health.look(TODAY)}["on-call"].said]
    ContactMethod.objects.all().delete()
    said.append({sign.key: sign for sign in health.look(TODAY)}["on-call"].said)
    assert said == ["1 now, and each can be reached.", "alice has no confirmed way to be reached."]


@pytest.mark.usefixtures("_running")
def test_a_channel_for_alarms_that_is_gone_hears_none() -> None:
    leaving.remove(Channel.objects.get(), NOW)
    assert "go to no channel" in signs()["audit"].said

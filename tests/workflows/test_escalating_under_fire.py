"""Escalation under fire: workers at once and dying, vendors down, a database that drops all, jumping clocks; over sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from tests.notifications.vendor import Vendor, http_vendor
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tocsin.ground.aside import aside
from tocsin.ground.models import Timer
from tocsin.incidents.models import Incident
from tocsin.notifications.models import Channel, Message
from tocsin.oncall.escalations import Alarm, EscalationCall
from tocsin.workflows import auditing, escalating, telling, timers
from tocsin.workflows.delivering import Courier, deliver_all
from tocsin.workflows.telling import tell

pytestmark = pytest.mark.django_db(transaction=True)
_DROP_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
BEGAN = datetime.fromisoformat("2026-03-01T03:00:00+00:00")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=True) as hands:
        yield hands


@pytest.fixture
def vendor(clock: time_machine.Traveller) -> Iterator[Vendor]:
    """Alice's pushes, then bob's five minutes later, on a vendor that listens."""
    with http_vendor() as running:
        make_reachable("alice")
        make_reachable("bob")
        Channel.objects.update(settings={"url": running.url, "topic": ""})
        make_policy(step("person alice"), step("person bob"), holds=30)
        yield running


def work() -> None:
    asyncio.run(deliver_all(aside))


def later(clock: time_machine.Traveller, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))
    work()


def heard(vendor: Vendor) -> list[str]:
    """Whom the vendor was asked to reach, in order."""
    return [body["topic"].split("-")[1] for body in vendor.bodies()]


def begin() -> Incident:
    return opened(at=timezone.now())


def test_alice_then_bob_and_an_answer_in_between_spares_bob(vendor: Vendor, clock: time_machine.Traveller) -> None:
    first, second = begin(), begin()
    work()
    later(clock, 4)
    assert heard(vendor) == ["alice", "alice"]
    escalating.answer(first.pk, actor="alice", now=timezone.now())
    later(clock, 2)
    assert heard(vendor) == ["alice", "alice", "bob"]
    assert Message.objects.filter(incident=second, user__username="bob", state="sent").exists()


def test_workers_that_look_at_the_same_instant_call_once(vendor: Vendor) -> None:
    incident = begin()
    tell(timezone.now())
    barrier = threading.Barrier(4)

    def worker() -> None:
        barrier.wait()
        timers.sweep(timezone.now(), (escalating.TIMER,))
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert EscalationCall.objects.count() == Message.objects.filter(incident=incident, kind="page").count() == 1


def test_an_answer_and_the_next_step_at_the_same_instant_agree(vendor: Vendor, clock: time_machine.Traveller) -> None:
    incident = begin()
    work()
    clock.shift(timedelta(minutes=5, seconds=1))
    barrier = threading.Barrier(2)

    def step_on() -> None:
        barrier.wait()
        timers.sweep(timezone.now(), (escalating.TIMER,))
        connections.close_all()

    thread = threading.Thread(target=step_on)
    thread.start()
    barrier.wait()
    escalating.answer(incident.pk, actor="alice", now=timezone.now())
    thread.join()
    work()
    bobs = Message.objects.filter(user__username="bob")
    assert [message.state for message in bobs] in ([], ["suppressed"])


def test_a_worker_that_dies_between_claim_and_send_is_replaced_and_says_that_it_repeats(
    vendor: Vendor, clock: time_machine.Traveller
) -> None:
    begin()

    async def dies() -> None:
        courier = Courier(aside)
        await courier.look()
        for task in courier._tasks:
            task.cancel()
        await courier.rest()

    asyncio.run(dies())
    assert heard(vendor) == []
    clock.shift(timedelta(seconds=6))
    work()
    assert heard(vendor) == ["alice"]
    assert vendor.bodies()[0]["title"].startswith("Repeat: ")


def test_in_a_storm_the_first_call_does_not_wait_for_all_that_is_to_be_told(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST_AT_ONCE", 1)
    _, second = begin(), begin()

    async def looks_once() -> None:
        courier = Courier(aside)
        await courier.look()
        await courier.rest()

    asyncio.run(looks_once())
    assert heard(vendor) == ["alice"]
    assert not Message.objects.filter(incident=second).exists()
    work()
    assert heard(vendor) == ["alice", "alice"]


def test_a_worker_that_dies_in_a_step_leaves_nothing_half_done(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    tell(timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(Timer.objects, "update_or_create", lambda **_: 1 / 0)
        timers.sweep(timezone.now(), (escalating.TIMER,))
    assert (EscalationCall.objects.count(), Message.objects.filter(kind="page").count()) == (0, 0)
    Timer.objects.update(due_at=timezone.now())
    work()
    assert heard(vendor) == ["alice"]


def test_a_vendor_that_is_down_for_an_hour_is_an_alarm_and_gets_its_calls_afterwards(
    vendor: Vendor, clock: time_machine.Traveller
) -> None:
    vendor.answers = [(503, b"", {})]
    begin()
    for _ in range(60):
        later(clock, 1)
    auditing.audit(timezone.now())
    assert any("answered 503" in alarm.text for alarm in Alarm.objects.all())
    vendor.answers = [(200, b"ok", {})]
    later(clock, 6)
    assert set(Message.objects.filter(kind="page").values_list("state", flat=True)) == {"sent"}


def test_a_clock_that_is_set_back_holds_up_nobody_for_longer_than_the_wait(
    vendor: Vendor, clock: time_machine.Traveller
) -> None:
    begin()
    work()
    clock.shift(timedelta(hours=-2))
    for _ in range(7):
        later(clock, 1)
        auditing.audit(timezone.now())
    assert heard(vendor) == ["alice", "bob"]
    [alarm] = Alarm.objects.all()
    assert alarm.text.endswith("ahead: a clock was set back.")


def test_a_clock_that_jumps_ahead_does_not_call_everybody_at_once(
    vendor: Vendor, clock: time_machine.Traveller
) -> None:
    begin()
    work()
    later(clock, 600)
    assert heard(vendor) == ["alice", "bob"]
    assert EscalationCall.objects.count() == 2


def test_connections_that_the_database_drops_lose_nothing(vendor: Vendor, clock: time_machine.Traveller) -> None:
    begin()
    work()
    connections.close_all()
    with connection.cursor() as cursor:
        cursor.execute(_DROP_ALL)
    later(clock, 6)
    assert heard(vendor) == ["alice", "bob"]

"""From bodies to incidents, through the real transaction."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.factories import NOW, make_source
from tocsin.alerts.models import Alert, Occurrence, Signal
from tocsin.alerts.parsed import Parsed, ParsedAlert
from tocsin.alerts.sources import generic
from tocsin.ground.database import conninfo
from tocsin.incidents import store
from tocsin.incidents.batch import Open
from tocsin.incidents.changes import change_status
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.investigation.models import Investigation
from tocsin.workflows.ingest import Received, Sender, ingest
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = timedelta(minutes=5)


@pytest.fixture
def sender() -> Sender:
    source, _ = make_source()
    return Sender(source.pk, source.kind, source.environment_id, source.environment.kind)


def send(*batch: Received, quiet: timedelta = QUIET) -> list[int]:
    async def commit() -> list[int]:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            return await ingest(connection, list(batch), quiet)

    return asyncio.run(commit())


def report(
    name: str = "PodDown", firing: bool = True, pod: str = "cart-0", at: datetime = NOW, **more: Any
) -> ParsedAlert:
    labels = {"namespace": "shop", "pod": pod}
    return ParsedAlert(f"{name}-{pod}", name, firing, at, labels=labels, **more)


def body(sender: Sender, *alerts: ParsedAlert, at: datetime = NOW) -> Received:
    return Received(sender, at, "{}", Parsed(alerts))


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_a_firing_alert_opens_an_incident_and_asks_for_its_investigation(sender: Sender) -> None:
    send(body(sender, report(severity="critical")))
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.status) == ("PodDown: shop/cart", "critical", "triggered")
    assert Investigation.objects.get().incident == incident
    assert "Opened by PodDown" in TimelineEntry.objects.get().text


def test_the_same_firing_again_changes_nothing_but_last_seen(sender: Sender) -> None:
    send(body(sender, report()))
    send(body(sender, report(), at=minutes(1)))
    assert (Incident.objects.count(), Occurrence.objects.count(), Signal.objects.count()) == (1, 1, 2)
    assert Alert.objects.get().last_seen == minutes(1)
    assert TimelineEntry.objects.count() == 1


def test_alerts_of_one_workload_join_one_incident_also_within_a_batch(sender: Sender) -> None:
    send(
        body(sender, report("PodDown", pod="cart-0"), report("PodDown", pod="cart-1")), body(sender, report("Latency"))
    )
    incident = Incident.objects.get()
    assert incident.incident_occurrences.count() == 3


def test_two_workloads_are_two_incidents(sender: Sender) -> None:
    send(body(sender, report(pod="cart-0"), report(pod="web-0")))
    assert Incident.objects.count() == 2


def test_an_incident_resolves_when_all_of_it_stayed_quiet(sender: Sender) -> None:
    send(body(sender, report("A"), report("B")))
    send(body(sender, report("A", firing=False), at=minutes(1)))
    assert Incident.objects.get().quiet_since is None
    send(body(sender, report("B", firing=False), at=minutes(2)))
    sweep(minutes(6))
    assert Incident.objects.get().status == "triggered"
    sweep(minutes(7))
    incident = Incident.objects.get()
    assert (incident.status, incident.resolution) == ("resolved", "recovered by itself")


def test_firing_within_the_quiet_period_rejoins_and_keeps_it_open(sender: Sender) -> None:
    send(body(sender, report()))
    send(body(sender, report(firing=False), at=minutes(1)))
    send(body(sender, report(at=minutes(3)), at=minutes(3)))
    sweep(minutes(7))
    incident = Incident.objects.get()
    assert (incident.status, incident.quiet_since) == ("triggered", None)
    assert Occurrence.objects.count() == 2


def test_firing_after_the_quiet_period_opens_a_recurrence(sender: Sender) -> None:
    send(body(sender, report()))
    send(body(sender, report(firing=False), at=minutes(1)))
    sweep(minutes(6))
    send(body(sender, report(at=minutes(7)), at=minutes(7)))
    first, second = Incident.objects.order_by("id")
    assert (first.status, second.recurrence_of, second.quiet_period) == ("resolved", first, 2 * QUIET)


def test_an_alert_flapping_every_six_minutes_for_six_hours_opens_few_incidents(sender: Sender) -> None:
    for turn in range(60):
        start = minutes(6 * turn)
        send(body(sender, report(at=start), at=start))
        send(body(sender, report(at=start, firing=False), at=minutes(6 * turn + 0.5)))
        sweep(minutes(6 * turn + 5.9))
    assert Incident.objects.count() <= 3
    assert Occurrence.objects.count() == 60
    assert TimelineEntry.objects.count() < 40


def test_a_sender_that_lost_sight_and_repeats_the_old_start_is_a_new_occurrence(sender: Sender) -> None:
    send(body(sender, report()))
    send(body(sender, report(firing=False), at=minutes(1)))
    send(body(sender, report(), at=minutes(2)))
    assert list(Occurrence.objects.order_by("starts_at").values_list("starts_at", "ends_at")) == [
        (NOW, minutes(1)),
        (minutes(2), None),
    ]


def test_fire_resolve_and_fire_in_one_batch_keeps_the_order(sender: Sender) -> None:
    send(
        body(sender, report()),
        body(sender, report(firing=False), at=minutes(1)),
        body(sender, report(at=minutes(2)), at=minutes(2)),
    )
    assert Occurrence.objects.count() == 2
    assert Alert.objects.get().firing
    assert Incident.objects.get().quiet_since is None


def test_a_rejected_body_is_kept_with_its_error(sender: Sender) -> None:
    [signal] = send(Received(sender, NOW, error="not JSON", sealed=b"\x00sealed"))
    kept = Signal.objects.get(pk=signal)
    assert (kept.error, bytes(kept.sealed_body or b"")) == ("not JSON", b"\x00sealed")


def test_a_worse_alert_that_joins_raises_the_severity_and_a_milder_one_does_not(sender: Sender) -> None:
    send(body(sender, report("A", severity="warning")))
    send(body(sender, report("B", severity="critical")))
    send(body(sender, report("C", severity="info")))
    sweep(minutes(0))
    assert Incident.objects.get().severity == "critical"


def test_the_watchdog_opens_nothing(sender: Sender) -> None:
    send(body(sender, report("Watchdog")))
    assert (Incident.objects.count(), Alert.objects.count()) == (0, 1)


def test_a_resolved_alert_never_seen_firing_opens_nothing(sender: Sender) -> None:
    send(body(sender, report(firing=False)))
    assert (Incident.objects.count(), Occurrence.objects.count()) == (0, 0)


def test_a_batch_that_fails_leaves_nothing(sender: Sender) -> None:
    gone = Sender(10**9, sender.kind, sender.environment_id, sender.environment_kind)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        send(body(sender, report()), body(gone, report("B")))
    assert (Signal.objects.count(), Incident.objects.count()) == (0, 0)


def test_an_incident_resolved_by_a_timer_during_ingest_is_not_joined(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(body(sender, report()))
    send(body(sender, report(firing=False), at=minutes(1)))
    real = store.candidates

    async def and_meanwhile_the_timer(*arguments: Any) -> list[Open]:
        found = await real(*arguments)
        racing.start()
        racing.join(0.3)  # it must wait for our lock
        return found

    def the_timer() -> None:
        sweep(minutes(6))
        connection.close()

    racing = threading.Thread(target=the_timer)
    monkeypatch.setattr(store, "candidates", and_meanwhile_the_timer)
    send(body(sender, report(at=minutes(6)), at=minutes(6)))
    racing.join()
    assert Incident.objects.get().status == "triggered"


def test_what_still_fires_long_after_people_resolved_it_opens_a_recurrence(sender: Sender) -> None:
    send(body(sender, report()))
    change_status(
        Incident.objects.get().pk, Status.RESOLVED, actor="alice", now=minutes(1), resolution=Resolution.FIXED
    )
    send(body(sender, report(), at=minutes(2)))
    assert Incident.objects.count() == 1
    send(body(sender, report(), at=minutes(7)))
    first, second = Incident.objects.order_by("id")
    assert (first.status, second.status, second.recurrence_of) == ("resolved", "triggered", first)
    assert list(Occurrence.objects.order_by("id").values_list("ends_at", flat=True)) == [minutes(7), None]


def test_a_time_that_no_database_keeps_is_as_good_as_none(sender: Sender) -> None:
    parsed = generic.parse(b'{"title": "A", "starts_at": "0001-01-01T00:00:00+14:00"}')
    send(Received(sender, NOW, "{}", parsed))
    assert Occurrence.objects.get().starts_at == NOW


def test_a_bare_resolution_ends_the_alert_and_keeps_what_is_known_of_it(sender: Sender) -> None:
    send(body(sender, report()))
    send(body(sender, ParsedAlert("PodDown-cart-0", "", False), at=minutes(1)))
    alert = Alert.objects.get()
    assert (alert.title, alert.labels["pod"], alert.firing, alert.last_seen) == ("PodDown", "cart-0", False, minutes(1))


def test_news_without_a_name_of_what_was_never_heard_of_leave_no_alert(sender: Sender) -> None:
    send(body(sender, ParsedAlert("a", "", False), ParsedAlert("b", "B", True, acknowledged=True)))
    assert not Alert.objects.exists()


def test_a_firing_that_has_expired_by_the_time_it_arrives_opens_nothing(sender: Sender) -> None:
    send(body(sender, report(expires_at=minutes(4)), at=minutes(5)))
    assert not Incident.objects.exists()

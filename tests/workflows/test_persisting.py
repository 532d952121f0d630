"""What still fires when people called its incident over finds an owner without being reported again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW
from tests.workflows.test_ingest import body, minutes, report, send, sender
from tocsin.alerts.models import Alert, Occurrence
from tocsin.incidents.changes import change_status
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.workflows.ingest import Sender
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["sender"]


def resolved(sender: Sender, **more: Any) -> Incident:
    send(body(sender, report(**more)))
    first = Incident.objects.get()
    return change_status(
        first.pk, Status.RESOLVED, actor="ada", now=minutes(1), reason="drained", resolution=Resolution.FIXED
    )


def test_a_new_incident_opens_a_quiet_period_after(sender: Sender) -> None:
    first = resolved(sender)
    sweep(minutes(5))
    assert Incident.objects.count() == 1
    sweep(minutes(7))
    again = Incident.objects.exclude(pk=first.pk).get()
    assert (again.recurrence_of_id, again.resolved_at, again.title) == (first.pk, None, first.title)
    sweep(minutes(30))
    assert Incident.objects.count() == 2


def test_it_is_not_counted_as_reported_again(sender: Sender) -> None:
    resolved(sender)
    sweep(minutes(7))
    alert = Alert.objects.get()
    assert (alert.reports, alert.last_seen, alert.firing) == (1, NOW, True)
    assert list(Occurrence.objects.order_by("pk").values_list("starts_at", "ends_at")) == [
        (NOW, minutes(7)),
        (minutes(7), None),
    ]


def test_what_ended_meanwhile_stays_over(sender: Sender) -> None:
    resolved(sender)
    send(body(sender, report(firing=False), at=minutes(3)))
    sweep(minutes(7))
    assert Incident.objects.count() == 1


def test_what_happened_once_is_for_people_to_call_over(sender: Sender) -> None:
    resolved(sender, is_event=True)
    sweep(minutes(7))
    assert Incident.objects.count() == 1


def test_many_are_taken_up_in_several_goes(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.workflows.persisting.MOST_AT_ONCE", 2)
    send(body(sender, *(report(pod=f"cart-{n}") for n in range(5))))
    change_status(Incident.objects.get().pk, Status.RESOLVED, actor="ada", now=minutes(1), resolution=Resolution.FIXED)
    sweep(minutes(1) + timedelta(minutes=6))
    assert Occurrence.objects.filter(ends_at=None, starts_at=minutes(7)).count() == 5
    assert Incident.objects.filter(resolved_at=None).count() == 1

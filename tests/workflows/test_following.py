"""What follows from alerts in the real transaction: what explains others, storms, and what senders have taken on."""

from __future__ import annotations

import pytest

from tests.factories import NOW
from tests.workflows.sending import alert, minutes, send, sender_of
from tocsin.alerts import silences
from tocsin.alerts.models import Alert, ArrivalRate
from tocsin.alerts.parsed import ParsedAlert
from tocsin.alerts.silences import Draft
from tocsin.catalog.models import Project
from tocsin.catalog.services import Origin, Service, ServiceDependency
from tocsin.incidents.models import Incident, IncidentOccurrence, TimelineEntry
from tocsin.investigation.models import Investigation
from tocsin.workflows.ingest import Sender
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sender() -> Sender:
    """Of an environment in which web and mail both need db."""
    found = sender_of()
    project = Project.objects.get()
    made = {name: Service.objects.create(project=project, slug=name, name=name, origin=Origin.HAND) for name in _NAMES}
    for name in ("web", "mail"):
        ServiceDependency.objects.create(source=made[name], target=made["db"], origin=Origin.HAND)
    return found


_NAMES = ("web", "mail", "db")


def failing(name: str, workload: str, **more: str) -> ParsedAlert:
    return alert(name, workload, labels={"service": workload} | more)


def test_what_explains_both_makes_one_of_two_incidents(sender: Sender) -> None:
    send(sender, failing("HighErrorRate", "web"), at=NOW)
    send(sender, failing("HighLatency", "mail"), at=minutes(0.5))
    assert Incident.objects.count() == 2
    send(sender, failing("DatabaseDown", "db"), at=minutes(1))
    [left] = Incident.objects.filter(resolved_at=None)
    [folded] = Incident.objects.exclude(resolved_at=None)
    assert (folded.resolution, folded.merged_into) == ("duplicate", left)
    assert IncidentOccurrence.objects.filter(incident=left, left_at=None).count() == 3


def test_what_is_held_and_takes_in_what_is_not_is_held_no_longer(sender: Sender) -> None:
    matchers = 'deployment=~"web|db"'
    silences.keep(Draft(None, matchers, NOW, minutes(60), "night work"), actor="alice", now=NOW)
    send(sender, failing("HighErrorRate", "mail"), at=NOW)
    send(sender, failing("HighErrorRate", "web"), at=minutes(0.5))
    assert Incident.objects.get(title__contains="web").held_by is not None
    send(sender, failing("DatabaseDown", "db"), at=minutes(1))
    left = Incident.objects.get(resolved_at=None)
    assert left.title == "DatabaseDown: shop/db"
    assert (left.held_by, left.held_until) == (None, None)


def test_the_incident_is_then_named_after_it_and_looked_at_again(sender: Sender) -> None:
    send(sender, failing("HighErrorRate", "web"))
    send(sender, failing("DatabaseDown", "db"), at=minutes(0.5))
    [incident] = Incident.objects.all()
    assert (incident.title, incident.subject["name"]) == ("DatabaseDown: shop/db", "db")
    assert TimelineEntry.objects.filter(incident=incident, kind="lead").exists()
    assert Investigation.objects.filter(incident=incident).exists()


def test_it_is_named_anew_once_however_often_that_fires(sender: Sender) -> None:
    node = ParsedAlert("n", "NodeNotReady", True, labels={"node": "worker-3"})
    send(sender, alert("PodNotReady", labels={"node": "worker-3"}))
    for minute in range(1, 4):
        send(sender, node, at=minutes(minute))
        send(sender, ParsedAlert("n", "NodeNotReady", False, labels={"node": "worker-3"}), at=minutes(minute + 0.5))
    assert Incident.objects.get().title == "NodeNotReady: worker-3"
    assert TimelineEntry.objects.filter(kind="lead").count() == 1


def test_in_one_batch_what_explains_comes_first_whatever_the_order(sender: Sender) -> None:
    send(sender, failing("HighErrorRate", "web"), failing("HighLatency", "mail"), failing("DatabaseDown", "db"))
    assert [incident.title for incident in Incident.objects.all()] == ["DatabaseDown: shop/db"]


def test_every_report_is_counted_also_those_that_say_nothing_new(sender: Sender) -> None:
    for minute in range(3):
        send(sender, alert(), at=minutes(minute))
    assert Alert.objects.get().reports == 3
    assert ArrivalRate.objects.get().count == 1


def test_a_storm_is_one_incident_with_few_lines_and_an_end(sender: Sender) -> None:
    for batch in range(6):
        many = [alert(f"Down {batch} {n}", "cart") for n in range(50)]
        send(sender, *many, at=minutes(batch / 10))
    assert IncidentOccurrence.objects.filter(incident=Incident.objects.get()).count() == 300
    for minute in range(1, 10):
        sweep(minutes(minute))
    lines = list(TimelineEntry.objects.filter(kind="storm").order_by("id").values_list("text", flat=True))
    assert len(lines) == 3
    assert lines[1].startswith("250 firings joined in the storm")
    assert lines[2].startswith("The storm is over")


def test_what_somebody_at_the_sender_has_taken_on_is_acknowledged(sender: Sender) -> None:
    send(sender, alert())
    send(sender, alert(acknowledged=True), at=minutes(1))
    incident = Incident.objects.get()
    assert (incident.status, incident.acknowledged_at) == ("acknowledged", minutes(1))
    assert TimelineEntry.objects.latest("id").actor == "source test alertmanager"


def test_replayed_bodies_change_nothing(sender: Sender) -> None:
    for _ in range(3):
        send(sender, alert(), failing("DatabaseDown", "db"))
    assert Incident.objects.count() == 2
    assert IncidentOccurrence.objects.count() == 2

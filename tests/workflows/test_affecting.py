from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.catalog.imports.test_kubernetes import service, workload
from tests.factories import NOW, make_environment, make_incident, make_service, make_source
from tocsin.alerts.grouping import subject
from tocsin.alerts.models import Alert, Occurrence, Signal
from tocsin.catalog.services import Service, ServiceDependency
from tocsin.incidents import assessments
from tocsin.incidents.models import Incident, IncidentOccurrence, IncidentService
from tocsin.investigation.models import Investigation, StoredReport
from tocsin.workflows import discovering
from tocsin.workflows.affecting import refresh
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


def alert(**labels: str) -> Alert:
    """An alert with these labels, firing."""
    environment = make_environment()
    times = {"first_seen": NOW, "last_seen": NOW, "firing": True}
    source, _ = make_source()
    return Alert.objects.create(
        environment=environment,
        source=source,
        fingerprint=json.dumps(labels),
        title="Slow",
        labels=labels,
        subject=subject(labels),
        **times,
    )


def incident(*alerts: Alert) -> Incident:
    """An incident that these alerts belong to."""
    made = make_incident()
    for one in alerts:
        signal = Signal.objects.create(source=one.source, received_at=NOW)
        firing = Occurrence.objects.create(alert=one, signal=signal, starts_at=NOW)
        IncidentOccurrence.objects.create(incident=made, occurrence=firing, alert=one, reason="test")
    return made


def diagnosed(about: Incident, **subject: str) -> None:
    investigation = Investigation.objects.create(
        incident=about, ordinal=about.investigations.count() + 1, requested_by="x", requested_at=NOW
    )
    content = {"hypotheses": [{"cause": "volume-full", "subject": subject}]}
    StoredReport.objects.create(investigation=investigation, content=json.dumps(content), outcome="diagnosed")


def roles(about: Incident) -> dict[str, str]:
    refresh(about.pk, NOW)
    return {row.slug: row.role for row in IncidentService.objects.filter(incident=about)}


def discovered() -> list[tuple[str, Any]]:
    return [(one.slug, one.places) for one in Service.objects.order_by("slug")]


def test_an_incident_affects_what_its_alerts_name_and_what_needs_that() -> None:
    make_service("web", needs=(make_service("cart"),))
    about = incident(alert(service="cart"))
    assert roles(about) == {"cart": "named by an alert", "web": "needs it"}
    assert [e.text for e in about.timeline.all()] == ["Affects cart (Slow: label service says cart). 1 other needs it."]


def test_it_is_noted_when_a_service_was_last_heard_of() -> None:
    make_service("web", needs=(make_service("cart"),))
    roles(incident(alert(service="cart")))
    assert list(Service.objects.order_by("slug").values_list("heard_at", flat=True)) == [NOW, None]


def test_a_place_is_noted_once_whoever_names_it() -> None:
    about = incident(alert(deployment="web", namespace="shop", cluster="eu"))
    roles(about)
    snapshot = json.dumps({"cluster": "eu", "objects": [workload("web")]}).encode()
    discovering.from_snapshot(snapshot, about.environment, ["shop"], NOW)
    assert len(Service.objects.get().places) == 1


def test_it_is_looked_at_whenever_the_incident_is_judged() -> None:
    about = incident(alert(deployment="web", namespace="shop"))
    assessments.request(about.pk, NOW)
    sweep(NOW)
    assert [row.slug for row in IncidentService.objects.filter(incident=about)] == ["web"]


def test_nothing_new_is_said_once() -> None:
    make_service("cart")
    about = incident(alert(service="cart"))
    assert roles(about) == roles(about)
    assert about.timeline.count() == 1


def test_a_storm_over_many_services_is_one_short_line() -> None:
    about = incident(*[alert(service=f"service-{number}") for number in range(9)])
    refresh(about.pk, NOW)
    assert about.timeline.get(kind="services").text.endswith("; and 4 more.")


def test_the_cause_takes_its_place_when_it_is_known() -> None:
    make_service("cart", needs=(make_service("db", selectors=[{"namespace": "shop", "workload": "db"}]),))
    about = incident(alert(service="cart"))
    diagnosed(about, kind="StatefulSet", namespace="shop", name="db")
    assert roles(about) == {"cart": "named by an alert", "db": "cause"}
    Service.objects.filter(slug="db").delete()
    diagnosed(about, kind="Node", name="n1")
    assert roles(about) == {"cart": "named by an alert"}


def test_without_alerts_its_own_subject_tells() -> None:
    make_service("cart")
    assert roles(make_incident()) == {"cart": "named by an alert"}


def test_an_incident_that_is_over_stays_as_it_was() -> None:
    make_service("cart")
    about = incident(alert(service="cart"))
    Incident.objects.update(status="resolved", resolved_at=NOW)
    assert roles(about) == {}


@pytest.mark.parametrize(
    ("labels", "slug", "places"),
    [
        ({"deployment": "cart", "namespace": "n"}, "cart", [{"namespace": "n", "workload": "cart"}]),
        ({"pod": "cart-7c9d8b6f5d-x2x4z", "namespace": "n"}, "cart", [{"namespace": "n", "workload": "cart"}]),
        ({"app": "Cart API"}, "cart-api", []),
        ({"configuration": "network (eu)"}, "network-eu", []),
    ],
)
def test_what_alerts_are_about_is_discovered(labels: dict[str, str], slug: str, places: list[dict[str, str]]) -> None:
    assert roles(incident(alert(**labels))) == {slug: "named by an alert"}
    assert discovered() == [(slug, [{"environment": "production", **place} for place in places])]


@pytest.mark.parametrize(
    "labels",
    [
        {"pod": "backup-29012345-x7k2p", "namespace": "n"},
        {"deployment": "kube-state-metrics", "namespace": "n"},
        {"service": "node-exporter"},
        {"node": "n1"},
    ],
)
def test_what_comes_and_goes_or_only_reports_is_not(labels: dict[str, str]) -> None:
    assert roles(incident(alert(**labels))) == {}
    assert discovered() == []


def test_a_sender_does_not_fill_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovering, "MOST_SERVICES", 1)
    assert len(roles(incident(alert(app="a"), alert(app="b")))) == 0


def test_what_an_investigation_saw_of_the_projects_namespaces_is_discovered() -> None:
    make_service("db", places=[{"environment": "production", "namespace": "data", "workload": "pg"}])
    seen = [
        workload("web", {"DB_HOST": "pg.data:5432"}),
        workload("pg", namespace="data"),
        service("pg", "pg") | {"metadata": {"name": "pg", "namespace": "data"}},
        workload("other", namespace="theirs"),
    ]
    snapshot = json.dumps({"format": "tocsin-snapshot/1", "objects": seen}).encode()
    for days in (0, 1):
        discovering.from_snapshot(snapshot, make_environment(), ["shop"], NOW + timedelta(days=days))
    assert [slug for slug, _ in discovered()] == ["db", "web"]
    need = ServiceDependency.objects.get()
    assert (need.source.slug, need.target.slug, need.reason) == ("web", "db", "variable DB_HOST names pg.data")
    assert need.seen_at == NOW + timedelta(days=1)


def test_what_a_person_named_outlasts_what_alerts_tell() -> None:
    make_service("mail")
    about = incident(alert(namespace="shop", deployment="cart"))
    IncidentService.objects.create(incident=about, slug="mail", role="named by a person", reason="", said_by="alice")
    assert roles(about)["mail"] == "named by a person"
    assert IncidentService.objects.get(incident=about, slug="mail").said_by == "alice"

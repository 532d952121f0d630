"""Incidents that people declare."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_environment, make_service
from tests.workflows.test_affecting import alert, incident
from tocsin.alerts.models import Occurrence
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.incidents.triage import Severity
from tocsin.workflows.declaring import BadDeclaration, Declaration, declare
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


def declared(title: str = "Checkout is down", **said: object) -> Incident:
    said.setdefault("environment", make_environment())
    said.setdefault("severity", Severity.HIGH)
    what = Declaration(title, **said)  # type: ignore[arg-type]  # as each test says
    return declare(what, actor="alice", now=NOW, quiet_period=timedelta(minutes=5))


def test_alerts_that_were_chosen_belong_to_it_and_leave_where_they_were() -> None:
    one, other = alert(namespace="shop", deployment="cart"), alert(namespace="shop", deployment="web")
    before = incident(one, other)
    made = declared(alerts=(one.pk, other.pk), severity=Severity.LOW)
    present = IncidentOccurrence.objects.filter(left_at=None)
    assert {link.alert_id for link in present.filter(incident=made)} == {one.pk, other.pk}
    assert not present.filter(incident=before).exists()
    assert (made.title, made.severity, made.opened_by) == ("Checkout is down", "low", "declared")
    assert made.subject["name"] == "cart"
    assert [entry.text for entry in made.timeline.filter(kind="opened")] == ["Opened for Slow: declared by hand."]


def test_of_alerts_that_are_over_it_knows_since_when_it_is_quiet() -> None:
    one = alert(namespace="shop", deployment="cart")
    incident(one)
    Occurrence.objects.update(ends_at=NOW)
    declared(alerts=(one.pk,))
    assert Incident.objects.get(opened_by="declared").quiet_since == NOW


def test_its_severity_stands_whatever_its_alerts_say() -> None:
    one = alert(namespace="shop", deployment="cart")
    one.severity = "critical"
    one.save()
    incident(one)
    made = declared(alerts=(one.pk,), severity=Severity.LOW)
    sweep(NOW)
    made.refresh_from_db()
    assert made.severity == "low"
    assert made.assessment.severity_set_by == "alice"


def test_services_that_were_named_are_affected_and_stay() -> None:
    cart = make_service("cart")
    make_service("web", needs=(cart,))
    made = declared(services=("cart",))
    sweep(NOW)
    rows = {row.slug: (row.role, row.said_by) for row in made.affected.all()}
    assert rows == {"cart": ("named by a person", "alice"), "web": ("needs it", "")}


def test_each_field_that_is_wrong_is_named() -> None:
    make_service("cart")
    elsewhere = alert(namespace="shop")
    incident(elsewhere)
    with pytest.raises(BadDeclaration) as refused:
        declared("  ", environment=make_environment("staging", "staging"), services=("crat",), alerts=(elsewhere.pk,))
    assert refused.value.faults == {
        "title": "Give it a title: what is broken, in a few words.",
        "services": "There is no service crat in this project; there are cart.",
        "alerts": "Some of these alerts are not of shop/staging: an incident belongs to one environment.",
    }
    assert Incident.objects.filter(opened_by="declared").count() == 0


def test_an_alert_that_is_not_there_is_named() -> None:
    with pytest.raises(BadDeclaration, match="There is no alert 7, 8"):
        declared(alerts=(8, 7))

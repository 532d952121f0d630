"""An incident is judged by its alerts, their services, and the cause that was found."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.factories import NOW, make_environment, make_incident, make_source
from tocsin.alerts.models import Alert, Occurrence, Signal
from tocsin.catalog.services import Service, ServiceDependency
from tocsin.ground.models import Timer
from tocsin.incidents.models import Incident, IncidentOccurrence, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.investigation.models import Investigation, StoredReport
from tocsin.workflows.assessing import IN_A_STORM, facts_of, reassess
from tocsin.workflows.declaring import Declaration, declare

pytestmark = pytest.mark.django_db


def fire(incident: Incident, title: str, severity: str = "warning", **labels: str) -> Alert:
    """An alert that fires in the incident."""
    source, _ = make_source()
    signal = Signal.objects.create(source=source, received_at=NOW)
    subject = {"kind": "Deployment", "namespace": "shop", "name": labels.get("deployment", "cart")}
    alert = Alert.objects.create(
        environment=incident.environment, source=source, fingerprint=f"v1:{title}{labels}", title=title, severity=severity,
        labels={"namespace": "shop"} | labels, subject=subject, firing=True, first_seen=NOW, last_seen=NOW,
    )  # fmt: skip
    occurrence = Occurrence.objects.create(alert=alert, signal=signal, starts_at=NOW)
    IncidentOccurrence.objects.create(incident=incident, occurrence=occurrence, alert=alert, reason="opened it")
    return alert


def diagnose(incident: Incident, confidence: float = 0.9, outcome: str = "diagnosed") -> None:
    """A report that names a cause."""
    investigation = Investigation.objects.create(incident=incident, ordinal=1, requested_by="tocsin", requested_at=NOW)
    content = json.dumps({"hypotheses": [{"cause": "oom-killed", "category": "memory", "confidence": confidence}]})
    StoredReport.objects.create(
        investigation=investigation, content=content, outcome=outcome, cause="oom-killed", confidence=confidence
    )


def judged(incident: Incident) -> Incident:
    reassess(incident.pk, NOW)
    return Incident.objects.select_related("assessment").get(pk=incident.pk)


def test_alerts_of_two_workloads_are_many_components() -> None:
    incident = make_incident(severity="medium")
    fire(incident, "KubePodCrashLooping", deployment="cart")
    assert judged(incident).severity == "medium"
    fire(incident, "KubePodCrashLooping", deployment="payments")
    found = judged(incident)
    assert (found.severity, found.assessment.scope) == ("high", "many components")


def test_two_alerts_of_one_service_are_one_component() -> None:
    incident = make_incident(severity="medium")
    Service.objects.create(project=incident.environment.project, slug="cart", name="Cart")
    fire(incident, "Slow", service="cart", deployment="cart-web")
    fire(incident, "Slow", service="cart", deployment="cart-worker")
    assert judged(incident).assessment.scope == "one component, users unknown"


def test_what_needs_the_affected_services_is_named() -> None:
    incident = make_incident(severity="medium")
    made = {
        name: Service.objects.create(project=incident.environment.project, slug=name, name=name)
        for name in ("db", "cart", "checkout")
    }
    ServiceDependency.objects.create(source=made["checkout"], target=made["cart"])
    fire(incident, "Slow", service="cart", deployment="cart")
    fire(incident, "Down", service="db", deployment="db")
    assert judged(incident).assessment.scope_reason == "2 components alert: cart, db; needed by checkout"


def test_the_cause_that_was_found_gives_the_class() -> None:
    incident = make_incident(severity="medium")
    fire(incident, "Something is wrong")
    assert judged(incident).assessment.classification == ""
    diagnose(incident)
    assert judged(incident).assessment.classification == "resource/memory"


@pytest.mark.parametrize(("confidence", "outcome"), [(0.4, "diagnosed"), (0.9, "inconclusive")])
def test_a_guess_gives_no_class(confidence: float, outcome: str) -> None:
    incident = make_incident()
    diagnose(incident, confidence, outcome)
    assert facts_of(incident).cause == ""


def test_a_critical_service_is_known_by_its_tier() -> None:
    incident = make_incident()
    Service.objects.create(project=incident.environment.project, slug="cart", name="Cart", tier=1)
    fire(incident, "Slow", service="cart")
    assert facts_of(incident).critical_feature == "Cart"


def test_a_severity_rests_on_what_alerts_said_before_they_changed() -> None:
    incident = make_incident(severity="critical", severity_reason="apply failure in production")
    fire(incident, "terraform apply succeeded", severity="")
    assert judged(incident).assessment.priority == "critical"


def test_alerts_that_left_for_another_incident_do_not_count() -> None:
    incident = make_incident()
    fire(incident, "Slow")
    IncidentOccurrence.objects.update(left_at=NOW)
    assert [alert.title for alert in facts_of(incident).alerts] == [incident.title]


def test_what_is_over_is_not_judged_any_more() -> None:
    incident = make_incident(status="resolved", resolved_at=NOW)
    reassess(incident.pk, NOW + timedelta(minutes=1))
    reassess(0, NOW)
    assert not TimelineEntry.objects.filter(incident=incident).exists()


def test_an_unknown_environment_counts_as_production() -> None:
    incident = make_incident(environment=make_environment("somewhere", "unknown"), severity="medium")
    fire(incident, "KubeAPIDown")
    assert judged(incident).severity == "critical"


def test_what_a_person_declares_is_judged_by_its_title_and_the_severity_stands() -> None:
    said = Declaration("Kube API down", make_environment(), Severity.LOW)
    found = judged(declare(said, actor="alice", now=NOW, quiet_period=timedelta(minutes=5)))
    assert (found.severity, found.assessment.scope) == ("low", "the whole system")
    suggestion = TimelineEntry.objects.get(kind="severity").text
    assert suggestion.startswith("The evidence suggests critical: ")
    assert suggestion.endswith("alice set low, which stands.")


def test_in_a_storm_it_is_judged_only_now_and_then() -> None:
    incident = make_incident(severity="medium", pulse={"storm_at": NOW.isoformat()})
    fire(incident, "Slow", deployment="cart")
    reassess(incident.pk, NOW)
    fire(incident, "Slow", deployment="payments")
    reassess(incident.pk, NOW + timedelta(seconds=1))
    assert Timer.objects.get(kind="assess").due_at == NOW + IN_A_STORM
    assert Incident.objects.get().severity == "medium"
    reassess(incident.pk, NOW + IN_A_STORM)
    assert Incident.objects.get().severity == "high"

"""A small snapshot and the report on it, stored as an investigation would."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

from django.utils import timezone

from tests.factories import NOW, make_source
from tocsin.alerts.models import Alert, Occurrence, Signal
from tocsin.catalog.models import Source
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report
from tocsin.investigation.models import Investigation, StoredReport, StoredSnapshot

REASON = "Pod/shop/cart-1#/status/containerStatuses/0/lastState/terminated/reason"
LAST_WORDS = "logs/shop/cart-1/cart/previous#L2"
CART = Subject("Deployment", "shop", "cart")
SNAPSHOT = {
    "format": "tocsin-snapshot/1",
    "captured_at": "2026-03-01T02:58:00Z",
    "objects": [
        {
            "kind": "Deployment",
            "metadata": {"name": "cart", "namespace": "shop"},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "cart"}}},
            "status": {"readyReplicas": 0},
        },
        {
            "kind": "Pod",
            "metadata": {
                "name": "cart-1",
                "namespace": "shop",
                "labels": {"app": "cart"},
                "ownerReferences": [{"kind": "Deployment", "name": "cart", "controller": True}],
            },
            "spec": {"nodeName": "node-a", "containers": [{"name": "cart"}]},
            "status": {"containerStatuses": [{"name": "cart", "lastState": {"terminated": {"reason": "OOMKilled"}}}]},
        },
    ],
    "logs": {"shop/cart-1/cart": {"previous": "starting\ncache <b>full</b>\n"}},
}


def make_hypothesis(rank: int = 1, confidence: float = 0.93, **values: object) -> Hypothesis:
    """The cart, killed for memory."""
    defaults: dict[str, object] = {
        "cause": "oom-killed",
        "category": "memory",
        "subject": CART,
        "confidence_label": "high",
        "summary": "cart was killed at its limit of 384Mi",
        "explanation": "The kernel killed a container that passed its memory limit.",
        "evidence": (Evidence("e1", REASON, "OOMKilled", 3.0), Evidence("e2", LAST_WORDS, "cache <b>full</b>", 1.0)),
        "commands": (
            Command(
                ("kubectl", "set", "resources", "deployment/cart", "--limits=memory=768Mi", "a b"),
                "raise the limit",
                "reversible",
                before="look for a leak",
                undo=Undo(("kubectl", "rollout", "undo", "deployment/cart")),
                verify=Verify(("kubectl", "get", "pods"), "no restarts"),
            ),
        ),
    }
    return Hypothesis(rank=rank, confidence=confidence, **(defaults | values))  # type: ignore[arg-type]


def make_report(
    outcome: str = "diagnosed", hypotheses: tuple[Hypothesis, ...] | None = None, **values: object
) -> Report:
    """A report, by default with one hypothesis."""
    found = (make_hypothesis(),) if hypotheses is None else hypotheses
    return Report(outcome, found, steps=("Parsed the alert: it names cart",), **values)  # type: ignore[arg-type]


def store_investigation(incident: Incident, report: Report | None = None, ordinal: int = 1) -> Investigation:
    """A finished investigation with its snapshot and report."""
    report = report or make_report()
    investigation = Investigation.objects.create(
        incident=incident, ordinal=ordinal, requested_by="tocsin", requested_at=NOW, started_at=NOW, finished_at=NOW
    )
    StoredSnapshot.objects.create(investigation=investigation, content=gzip.compress(json.dumps(SNAPSHOT).encode()))
    best = report.hypotheses[0] if report.hypotheses else None
    StoredReport.objects.create(
        investigation=investigation,
        content=report.to_json().decode(),
        outcome=report.outcome,
        cause=best.cause if best else "",
        summary=best.summary if best else "",
        confidence=best.confidence if best else None,
    )
    Incident.objects.filter(pk=incident.pk).update(analysis=Incident.Analysis.COMPLETE)
    return investigation


def make_signal(source: Source | None = None, **values: object) -> Signal:
    """A signal that was accepted now, through a source of its own unless one is given."""
    defaults: dict[str, object] = {"received_at": timezone.now(), "body": '{"alerts": []}'}
    return Signal.objects.create(source=source or make_source()[0], **(defaults | values))


def make_alert(incident: Incident, firings: int = 1, **values: object) -> None:
    """An alert that fired so often in an incident, the last time until now."""
    source, _ = make_source()
    signal = Signal.objects.create(source=source, received_at=NOW, body='{"status": "firing"}')
    defaults: dict[str, object] = {"title": "KubePodCrashLooping", "fingerprint": f"f{source.pk}", "firing": True}
    alert = Alert.objects.create(
        environment=incident.environment, source=source, first_seen=NOW, last_seen=NOW, **(defaults | values)
    )
    for index in range(firings):
        ended = None if index == firings - 1 else NOW + timedelta(minutes=index, seconds=30)
        occurrence = Occurrence.objects.create(
            alert=alert, signal=signal, starts_at=NOW + timedelta(minutes=index), ends_at=ended
        )
        IncidentOccurrence.objects.create(incident=incident, occurrence=occurrence, alert=alert, reason="test")

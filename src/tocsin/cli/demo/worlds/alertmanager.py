"""Webhook bodies as Prometheus Alertmanager sends them (version 4), fingerprints as Prometheus computes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from tocsin.cli.demo.worlds.metadata import Json, precise

_RUNBOOKS = "https://runbooks.prometheus-operator.dev/runbooks/kubernetes"
_NEVER = "0001-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert: the labels beside those of its cluster and namespace, what it says, the rule behind it."""

    name: str
    severity: str
    since: datetime
    summary: str
    description: str
    expression: str
    labels: Mapping[str, str] = field(default_factory=dict)
    runbook: str = ""
    """Address of the runbook; empty: the one that kube-prometheus links for an alert of this name."""


def fingerprint(labels: Mapping[str, str]) -> str:
    """Prometheus' fingerprint of a label set: FNV-1a (64 bits) over the sorted names and values, 0xFF after each."""
    value = 0xCBF29CE484222325
    for part in (piece for name in sorted(labels) for piece in (name, labels[name])):
        for byte in (*part.encode(), 0xFF):
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def _alert(firing: Firing, common: Mapping[str, str], ended: datetime | None) -> Json:
    labels = {"alertname": firing.name, **common, **firing.labels, "severity": firing.severity}
    return {
        "status": "resolved" if ended else "firing",
        "labels": labels,
        "annotations": {
            "description": firing.description,
            "runbook_url": firing.runbook or f"{_RUNBOOKS}/{firing.name.lower()}",
            "summary": firing.summary,
        },
        "startsAt": precise(firing.since),
        "endsAt": precise(ended) if ended else _NEVER,
        "generatorURL": f"https://prometheus.example.com/graph?g0.expr={quote(firing.expression)}&g0.tab=1",
        "fingerprint": fingerprint(labels),
    }


def _shared(alerts: Sequence[Json], part: str) -> Json:
    first, *others = (alert[part] for alert in alerts)
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def webhook(cluster: str, namespace: str, firings: Sequence[Firing], *, ended: datetime | None = None) -> Json:
    """The body for one group of alerts (grouped by cluster and namespace); resolved at `ended` where given."""
    common = {"cluster": cluster, "namespace": namespace, "prometheus": "monitoring/k8s"}
    alerts = [_alert(firing, common, ended) for firing in firings]
    return {
        "receiver": "tocsin",
        "status": "resolved" if ended else "firing",
        "alerts": alerts,
        "groupLabels": {"cluster": cluster, "namespace": namespace},
        "commonLabels": _shared(alerts, "labels"),
        "commonAnnotations": _shared(alerts, "annotations"),
        "externalURL": "https://alertmanager.example.com",
        "version": "4",
        "groupKey": f'{{}}/{{severity=~"warning|critical"}}:{{cluster="{cluster}", namespace="{namespace}"}}',
        "truncatedAlerts": 0,
    }

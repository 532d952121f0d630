"""Services that nobody described are discovered: in what alerts say, and in what investigations saw. Nothing is overwritten."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.alerts.models import Alert
from tocsin.catalog.directory import Directory
from tocsin.catalog.importing import carry_out
from tocsin.catalog.imports import kubernetes
from tocsin.catalog.imports.parsed import Catalogue, ParsedService, slug_of
from tocsin.catalog.models import Environment
from tocsin.catalog.recognition import NAMING_LABELS, Place, named_by
from tocsin.catalog.reconciling import DISCOVERED, Plan, Teller
from tocsin.catalog.workloads import EXPORTERS, workload_of_pod

log = logging.getLogger(__name__)

# A sender that puts something new into a label each time does not fill the catalogue.
MOST_SERVICES = 2000
_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Pod"})
SEEN = Teller(DISCOVERED, "")


def from_alerts(alerts: Iterable[Alert], environment: Environment, directory: Directory, now: datetime) -> bool:
    """Makes services of what these alerts are about where the directory knows none; whether there were any."""
    unknown = [alert for alert in alerts if directory.is_unknown(alert.labels, alert.subject)]
    services = {found.slug: found for alert in unknown for found in _described(alert, environment)}
    if not services:
        return False
    if environment.project.services.count() + len(services) > MOST_SERVICES:
        log.warning("%s has %s services: no more are discovered in alerts", environment.project.slug, MOST_SERVICES)
        return False
    carry_out(environment.project, Catalogue(tuple(services.values())), SEEN, now)
    return True


def _described(alert: Alert, environment: Environment) -> Iterator[ParsedService]:
    """The service that an alert is about, as far as its subject or a label that names services says so."""
    labels, subject = alert.labels, alert.subject
    kind, name = subject.get("kind", ""), subject.get("name", "")
    workload = workload_of_pod(name) if kind == "Pod" else name
    if kind == "Configuration" and slug_of(name):
        yield ParsedService(slug_of(name), name, kind="infrastructure", workspaces=(name,))
    elif _is_workload(kind, name, workload) and subject.get("namespace"):
        place = Place(environment.slug, labels.get("cluster", ""), subject["namespace"], workload)
        yield ParsedService(slug_of(workload), workload, selectors=(place,))
    elif slug_of(called := named_by(labels, environment.project.naming_labels or NAMING_LABELS)):
        yield ParsedService(slug_of(called), called, aliases=(called,) if called != slug_of(called) else ())


def _is_workload(kind: str, name: str, workload: str) -> bool:
    """Whether a subject is a workload that stays; of a pod whose name shows none, such as a Job's, nobody knows."""
    if kind == "Pod" and workload == name:
        return False
    return kind in _WORKLOADS and bool(slug_of(workload)) and not EXPORTERS.search(workload)


class _Snapshot(msgspec.Struct):
    cluster: str | None = None
    objects: list[dict[str, Any]] = []


def from_snapshot(snapshot: bytes, environment: Environment, namespaces: Iterable[str], now: datetime) -> Plan:
    """Makes services of the workloads that were seen in these namespaces and those where known services run.

    A cluster may hold other projects too; what else was seen in it is none of this project's.
    """
    held = msgspec.json.decode(snapshot, type=_Snapshot)
    own = {*namespaces, *_namespaces(environment)}
    objects = [item for item in held.objects if _namespace(item) in own]
    seen = kubernetes.understand(objects, environment=environment.slug, cluster=held.cluster or "")
    return carry_out(environment.project, seen, SEEN, now)


def _namespaces(environment: Environment) -> Iterator[str]:
    for service in environment.project.services.filter(forgotten_at=None):
        for place in (*service.places, *service.selectors):
            if place.get("environment", "") in {"", environment.slug} and place.get("namespace"):
                yield place["namespace"]


def _namespace(item: Mapping[str, Any]) -> str:
    metadata = item.get("metadata")
    return str(metadata.get("namespace", "")) if isinstance(metadata, dict) else ""

"""What things of an incident are called inside: what outsiders should not read in a status update."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tocsin.alerts.models import Alert
from tocsin.catalog.models import Cluster
from tocsin.catalog.services import Service
from tocsin.incidents.models import Incident
from tocsin.incidents.plain_words import SHORTEST_NAME
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.models import StoredReport
from tocsin.workflows.affecting import alerts_of

LONGEST_NAME = 200
# Labels whose values name something; those of others ("warning", "true") are ordinary words.
NAMING_LABELS = (
    *(
        "namespace",
        "pod",
        "container",
        "deployment",
        "statefulset",
        "daemonset",
        "replicaset",
        "cronjob",
        "job_name",
        "node",
    ),
    *(
        "instance",
        "host",
        "hostname",
        "server",
        "service",
        "service_name",
        "app",
        "app_kubernetes_io_name",
        "component",
    ),
    *(
        "cluster",
        "workload",
        "persistentvolumeclaim",
        "ingress",
        "queue",
        "topic",
        "database",
        "db",
        "datname",
        "bucket",
    ),
    *(
        "kubernetes_namespace",
        "kubernetes_pod_name",
        "exported_namespace",
        "exported_pod",
        "exported_service",
        "target",
    ),
)


class _Hypothesis(msgspec.Struct):
    subject: Subject


class _Report(msgspec.Struct):
    hypotheses: list[_Hypothesis] = []
    examined: list[Subject] = []


def internal_names(incident: Incident) -> set[str]:
    """Names of its resources, of what its alerts and reports are about, of its project's services, hosts and clusters."""
    project = incident.environment.project_id
    names = {*_of_subject(incident.subject), incident.environment.project.slug}
    for alert in alerts_of(incident):
        names |= set(_of_alert(alert))
    for service in Service.objects.filter(project=project, forgotten_at=None):
        names |= set(_of_service(service))
    clusters = Cluster.objects.filter(environment__project=project).values_list("name", "context", "prometheus")
    for name, context, prometheus in clusters:
        names |= {name, context, *_hosts([prometheus])}
    names |= set(_reported(incident))
    return {name for name in names if SHORTEST_NAME <= len(name) <= LONGEST_NAME}


def _of_subject(subject: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(subject[part]) for part in ("namespace", "name") if subject.get(part))


def _of_alert(alert: Alert) -> Iterator[str]:
    yield from _of_subject(alert.subject)
    yield from (str(alert.labels[label]) for label in NAMING_LABELS if alert.labels.get(label))


def _of_service(service: Service) -> Iterator[str]:
    yield from (service.slug, service.name, *map(str, service.aliases), *map(str, service.workspaces))
    yield from (str(host).lstrip("*.") for host in service.hosts)
    for place in (*service.selectors, *service.places):
        parts = (place.get(part) for part in ("cluster", "namespace", "workload")) if isinstance(place, dict) else ()
        yield from (str(part) for part in parts if part)
    yield from _hosts([*service.links.values(), *service.runbooks.values(), *service.repositories])


def _hosts(addresses: Iterable[object]) -> Iterator[str]:
    for address in addresses:
        try:
            host = urlsplit(str(address)).hostname
        except ValueError:  # what somebody typed as an address need not be one
            continue
        if host:
            yield host


def _reported(incident: Incident) -> Iterator[str]:
    newest = StoredReport.objects.filter(investigation__incident=incident).order_by("-investigation__ordinal").first()
    if newest is None:
        return
    try:
        report = msgspec.json.decode(newest.content, type=_Report)
    except msgspec.DecodeError:  # written by another version
        return
    for subject in (*report.examined, *(one.subject for one in report.hypotheses)):
        yield from filter(None, (subject.namespace, subject.name))

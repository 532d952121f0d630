"""What in an alert tells which service it is about, most telling first. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

import msgspec

from tocsin.catalog.workloads import EXPORTERS, workload_of_pod

# The labels by which people name a service. A project may have a list of its own.
NAMING_LABELS = ("service", "service_name", "app_kubernetes_io_name", "app", "component", "application")
# Labels that name whatever was scraped: believed only where nothing says more.
SCRAPED_LABELS = ("job", "container")
HOST_LABELS = ("host", "hostname", "host_name", "instance", "target", "server", "url")
WORKSPACE_LABELS = ("workspace", "configuration")
# They report on others, and are scraped as services of their own.
_REPORTING = frozenset({"kubelet", "cadvisor", "apiserver", "kubernetes", "prometheus", "alertmanager"})
_LABEL_NAME = re.compile(r"[^A-Za-z0-9_]")
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\s]*@)?(?P<host>[^:/?#\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a service runs; what is empty is not asked for. `labels` are those of the workload's pods.

    With neither workload nor labels it stands for all that runs in its namespace.
    """

    cluster: str = ""
    namespace: str = ""
    workload: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def may_run_in(self, cluster: str, namespace: str) -> bool:
        """Whether nothing speaks against this place; a place that is not known does not."""
        here = ((self.cluster, cluster), (self.namespace, namespace))
        return all(not own or not other or own == other for own, other in here)


class Place(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A selector as it is kept and written in files; one that names an environment holds only there."""

    environment: str = ""
    cluster: str = ""
    namespace: str = ""
    workload: str = ""
    labels: dict[str, str] = {}

    @property
    def selector(self) -> Selector:
        """As it is matched."""
        return Selector(self.cluster, self.namespace, self.workload, tuple(sorted(self.labels.items())))


class Sign(NamedTuple):
    """Something in an alert that tells of a service: which ones it fits, and what it says."""

    slugs: frozenset[str]
    said: str


class Index:
    """The services of a directory by what may name them. Each argument gives pairs of a sign and a slug."""

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        hosts: Iterable[tuple[str, str]],
        workspaces: Iterable[tuple[str, str]],
        selectors: Iterable[tuple[Selector, str]],
    ) -> None:
        self.names = _grouped((name.lower(), slug) for name, slug in names)
        self.workspaces = _grouped(workspaces)
        lowered = [(host.lower(), slug) for host, slug in hosts]
        self.hosts = _grouped(pair for pair in lowered if "*" not in pair[0])
        self.host_patterns = [pair for pair in lowered if "*" in pair[0]]
        self.workloads: dict[str, list[tuple[Selector, str]]] = defaultdict(list)
        self.labelled: dict[tuple[str, str], list[tuple[Selector, str]]] = defaultdict(list)
        self.namespaces: dict[str, list[tuple[Selector, str]]] = defaultdict(list)
        self.placed: dict[str, list[Selector]] = defaultdict(list)
        for selector, slug in selectors:
            self.placed[slug].append(selector)
            if selector.workload:
                self.workloads[selector.workload].append((selector, slug))
            elif selector.labels:
                key, value = selector.labels[0]
                self.labelled[_label(key), value].append((selector, slug))
            else:
                self.namespaces[selector.namespace].append((selector, slug))


def signs(
    index: Index, naming_labels: Sequence[str], labels: Mapping[str, str], subject: Mapping[str, str]
) -> Iterator[Sign]:
    """All that tells of a service in an alert's labels and subject {kind, namespace, name}, most telling first."""
    yield from _names(index, naming_labels, labels)
    yield from _workload(index, labels, subject)
    for label in HOST_LABELS:
        if host := host_of(labels.get(label, "")):
            patterns = {slug for pattern, slug in index.host_patterns if fnmatchcase(host, pattern)}
            yield Sign(index.hosts.get(host, frozenset()) | patterns, f"{label} {host} is its own")
    for label in WORKSPACE_LABELS:
        if value := labels.get(label):
            yield Sign(index.workspaces.get(value, frozenset()), f"{label} {value} is its own")
    yield from _names(index, SCRAPED_LABELS, labels)


def host_of(value: str) -> str:
    """The host in a host name, an address with a port, or a URL, in small letters; empty where there is none."""
    found = _HOST.match(value)
    return found["host"].lower() if found else ""


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, slug in pairs:
        groups[key].add(slug)
    return {key: frozenset(slugs) for key, slugs in groups.items()}


def named_by(labels: Mapping[str, str], asked: Sequence[str] = NAMING_LABELS) -> str:
    """The name of a service that the most telling of these labels gives; empty where none does."""
    return next((labels[label].rpartition("/")[2] for label in asked if _is_telling(labels.get(label, ""))), "")


def _is_telling(value: str) -> bool:
    """Whether a label's value names a service, not what only reports on others."""
    name = value.rpartition("/")[2].lower()
    return bool(name) and not (EXPORTERS.search(name) or "exporter" in name.split("-") or name in _REPORTING)


def _names(index: Index, asked: Sequence[str], labels: Mapping[str, str]) -> Iterator[Sign]:
    for label in asked:
        value = labels.get(label, "").lower()
        if _is_telling(value):
            name = value.rpartition("/")[2]  # Prometheus' operator says namespace/name
            yield Sign(index.names.get(value) or index.names.get(name, frozenset()), f"label {label} says {value}")


def _workload(index: Index, labels: Mapping[str, str], subject: Mapping[str, str]) -> Iterator[Sign]:
    kind, name = subject.get("kind", ""), subject.get("name", "")
    if kind in {"Node", "Configuration"} or EXPORTERS.search(name):
        return
    cluster, namespace = labels.get("cluster", ""), subject.get("namespace") or labels.get("namespace", "")
    workload = "" if kind == "Namespace" else workload_of_pod(name) if kind == "Pod" else name
    if workload:
        own = _fitting(index.workloads.get(workload, ()), cluster, namespace)
        yield Sign(own, f"workload {workload} is part of it")
        called = index.names.get(workload.lower(), frozenset())
        yield Sign(
            frozenset(s for s in called if _may_run(index, s, cluster, namespace)), f"workload {workload} has its name"
        )
    said = {_label(key): value for key, value in labels.items()}
    marked = [pair for item in said.items() for pair in index.labelled.get(item, ())]
    wearing = [pair for pair in marked if all(said.get(_label(key)) == value for key, value in pair[0].labels)]
    yield Sign(_fitting(wearing, cluster, namespace), "its labels are those of its pods")
    if namespace:
        owned = _fitting(index.namespaces.get(namespace, ()), cluster, namespace)
        yield Sign(owned, f"namespace {namespace} is its own")


def _label(name: str) -> str:
    """A pod's label as Prometheus and kube-state-metrics write its name."""
    return _LABEL_NAME.sub("_", name).removeprefix("label_")


def _fitting(pairs: Iterable[tuple[Selector, str]], cluster: str, namespace: str) -> frozenset[str]:
    return frozenset(slug for selector, slug in pairs if selector.may_run_in(cluster, namespace))


def _may_run(index: Index, slug: str, cluster: str, namespace: str) -> bool:
    """Whether a service runs here, as far as is known: one without any place may run anywhere."""
    places = index.placed.get(slug)
    return not places or any(place.may_run_in(cluster, namespace) for place in places)

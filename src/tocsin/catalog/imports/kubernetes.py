"""Kubernetes objects: which workloads are services, where they run, and which of the others their environment names. Pure.

Objects come from YAML, from `kubectl get -o yaml`, or from a snapshot. Of values in environments only what they name is kept.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from tocsin.catalog.imports.objects import SHAPES, ConfigMap, Container, Ingress, Service, Workload
from tocsin.catalog.imports.parsed import Catalogue, ParsedService, slug_of
from tocsin.catalog.recognition import Place
from tocsin.catalog.workloads import EXPORTERS
from tocsin.ground.addresses import addresses

# The cluster's own, not the project's.
_SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease"})
_OWN_NAMES = ("backstage.io/kubernetes-id", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app", "k8s-app")
# Variables whose value may be a bare host name.
_NAMES_HOST = re.compile(r"HOST|ADDR|ENDPOINT|SERVER|UPSTREAM", re.IGNORECASE)
# What well-known images are, by the last part of their name.
_KINDS = {
    **dict.fromkeys(("postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "cockroach"), "database"),
    **dict.fromkeys(("redis", "valkey", "memcached"), "cache"),
    **dict.fromkeys(("rabbitmq", "kafka", "nats"), "queue"),
}


class Named(NamedTuple):
    """An object of a kind that the context says."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.name}.{self.namespace}" if self.namespace else self.name


def items(content: object) -> Iterator[dict[str, Any]]:
    """The objects in a document: one, or those of a list."""
    if not isinstance(content, dict) or not isinstance(content.get("kind"), str) or "apiVersion" not in content:
        return
    listed = content.get("items")
    if content["kind"].endswith("List") and isinstance(listed, list):
        for item in listed:
            yield from items(item)
    else:
        yield content


def understand(objects: Iterable[Mapping[str, Any]], *, environment: str = "", cluster: str = "") -> Catalogue:
    """The services among these objects; environment and cluster are where they were seen, empty for what a file describes."""
    reader = _Reader(environment, cluster)
    notes = []
    for item in objects:
        if (kind := str(item.get("kind"))) in SHAPES:
            try:
                reader.add(msgspec.convert(item, SHAPES[kind]))
            except msgspec.ValidationError as error:
                notes.append(f"{kind} {_name_of(item)} is left out: {error}")
    return Catalogue(tuple(reader.services()), notes=tuple(notes))


def _name_of(item: Mapping[str, Any]) -> str:
    metadata = item.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, dict) else "without a name"


class _Reader:
    """Takes objects, then tells of services."""

    def __init__(self, environment: str, cluster: str) -> None:
        self._environment, self._cluster = environment, cluster
        self._workloads: dict[Named, Workload] = {}
        self._services: dict[Named, Service] = {}
        self._configuration: dict[Named, Mapping[str, str]] = {}
        self._ingresses: list[Ingress] = []

    def add(self, held: Workload | Service | ConfigMap | Ingress) -> None:
        """Takes an object; the cluster's own, and what only reports on others, is left aside."""
        at = Named(held.metadata.namespace, held.metadata.name)
        if at.namespace in _SYSTEM or not slug_of(at.name) or EXPORTERS.search(at.name):
            return
        if isinstance(held, Workload):
            self._workloads[at] = held
        elif isinstance(held, Service):
            self._services[at] = held
        elif isinstance(held, ConfigMap):
            self._configuration[at] = held.data or {}
        else:
            self._ingresses.append(held)

    def services(self) -> Iterator[ParsedService]:
        """Each workload as a service, and what is outside of the cluster where something needs it."""
        slugs = self._slugs()
        near: dict[str, list[Named]] = defaultdict(list)
        for at in self._workloads:
            near[at.namespace].append(at)
        behind = {at: self._behind(service, near[at.namespace]) for at, service in self._services.items()}
        outside = {at: slug_of(at.name) for at, service in self._services.items() if service.spec.external_name}
        targets = {at: [slugs[other] for other in others] for at, others in behind.items()}
        targets |= {at: [slug] for at, slug in outside.items() if slug not in slugs.values()}
        aliases, hosts = self._aliases(behind), self._hosts(behind)
        needed: set[str] = set()
        for at, slug in slugs.items():
            needs = self._needs(at, slug, targets)
            needed |= needs.keys()
            names = tuple(sorted(aliases[at] - {slug}))
            yield self._service(at, slug, aliases=names, hosts=tuple(sorted(hosts[at])), needs=needs)
        for at, slug in outside.items():
            if slug in needed - set(slugs.values()):
                yield ParsedService(slug, at.name, kind="external", hosts=(self._services[at].spec.external_name,))

    def _service(self, at: Named, slug: str, **found: Any) -> ParsedService:
        workload = self._workloads[at]
        return ParsedService(
            slug,
            at.name,
            kind=_kind(workload.containers),
            description=(workload.metadata.annotations or {}).get("kubernetes.io/description", ""),
            owner=slug_of(workload.labels.get("team") or workload.labels.get("owner", "")),
            tags=tuple(filter(None, [workload.labels.get("app.kubernetes.io/part-of")])),
            selectors=(Place(self._environment, self._cluster, at.namespace, at.name),),
            labels=workload.labels,
            **found,
        )

    def _needs(self, at: Named, slug: str, targets: Mapping[Named, list[str]]) -> dict[str, str]:
        """What the variables of a workload name, by slug, with the variable."""
        needs: dict[str, str] = {}
        for variable, called in self._called(at, self._workloads[at]):
            for other in targets[called]:
                if other != slug:
                    needs.setdefault(other, f"variable {variable} names {called}")
        return needs

    def _slugs(self) -> dict[Named, str]:
        """A workload's name; with its namespace where several share it."""
        times = Counter(slug_of(at.name) for at in self._workloads)
        return {
            at: slug_of(at.name) if times[slug_of(at.name)] == 1 else slug_of(f"{at.namespace}-{at.name}")
            for at in self._workloads
        }

    def _behind(self, service: Service, near: Iterable[Named]) -> list[Named]:
        """The workloads of its namespace whose pods a Service picks."""
        wanted = (service.spec.selector or {}).items()
        return [at for at in near if wanted and wanted <= self._workloads[at].labels.items()]

    def _aliases(self, behind: Mapping[Named, list[Named]]) -> Mapping[Named, set[str]]:
        """Other names of each workload that no other workload shares."""
        named: dict[str, set[Named]] = defaultdict(set)
        for at, workload in self._workloads.items():
            for label in _OWN_NAMES:
                if value := workload.labels.get(label):
                    named[value].add(at)
        for service, workloads in behind.items():
            named[service.name].update(workloads)
        own: dict[Named, set[str]] = defaultdict(set)
        for name, workloads_so_named in named.items():
            if len(workloads_so_named) == 1:
                own[min(workloads_so_named)].add(name)
        return own

    def _hosts(self, behind: Mapping[Named, list[Named]]) -> Mapping[Named, set[str]]:
        """The host names under which each workload is reached from outside, where one alone is behind them."""
        reached: dict[str, set[Named]] = defaultdict(set)
        for ingress in self._ingresses:
            for rule in ingress.spec.rules or []:
                for route in (rule.http.paths if rule.http else None) or []:
                    if rule.host and route.backend.service:
                        called = Named(ingress.metadata.namespace, route.backend.service.name)
                        reached[rule.host].update(behind.get(called, ()))
        own: dict[Named, set[str]] = defaultdict(set)
        for host, workloads in reached.items():
            if len(workloads) == 1:
                own[min(workloads)].add(host)
        return own

    def _called(self, at: Named, workload: Workload) -> Iterator[tuple[str, Named]]:
        """The Services that a workload's variables name, each with the variable."""
        for variable, value in self._variables(at, workload):
            hosts = [(found.namespace(at.namespace), found.service) for found in addresses(value)]
            if _NAMES_HOST.search(variable):
                hosts.append((at.namespace, value.strip()))
            for namespace, name in hosts:
                if namespace is not None and Named(namespace, name) in self._services:
                    yield variable, Named(namespace, name)

    def _variables(self, at: Named, workload: Workload) -> Iterator[tuple[str, str]]:
        for container in workload.containers:
            for variable in container.env or []:
                source = variable.value_from.config_map_key_ref if variable.value_from else None
                held = self._configuration.get(Named(at.namespace, source.name), {}) if source else {}
                yield variable.name, variable.value or (held.get(source.key, "") if source else "")
            for whole in container.env_from or []:
                if whole.config_map_ref:
                    yield from self._configuration.get(Named(at.namespace, whole.config_map_ref.name), {}).items()


def _kind(containers: Iterable[Container]) -> str:
    images = (container.image.partition("@")[0].rpartition("/")[2].partition(":")[0] for container in containers)
    return next((_KINDS[image] for image in images if image in _KINDS), "service")

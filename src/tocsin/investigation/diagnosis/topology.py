"""What depends on what: a graph over the objects of a snapshot, for the ranking and for people to look at."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, cast

from tocsin.ground.addresses import Address, addresses
from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Resource, Service, Workload, selects

# Relations that are worth drawing, but along which trouble does not spread by itself.
_LOOSE = frozenset({"is bounded by", "is guarded by", "is protected by", "is scaled by"})


class Edge(NamedTuple):
    """`source` needs `target`: trouble with the target is felt by the source, unless the relation is a loose one."""

    source: Subject
    target: Subject
    relation: str


class Neighbourhood(NamedTuple):
    """A piece of the graph, ready to be drawn; `health` has a word (ok, failing, missing) for each node."""

    nodes: tuple[Subject, ...]
    edges: tuple[Edge, ...]
    health: Mapping[Subject, str]


class Topology:
    """The edges between the stored objects; also to those that are only named and may be missing."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._downstream: dict[tuple[Subject, frozenset[str]], Mapping[Subject, int]] = {}
        self._upstream: dict[tuple[Subject, ...], Mapping[Subject, int]] = {}

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, each once, in a fixed order."""
        inventory = self._inventory
        found: set[Edge] = {*_calls(inventory), *_complained(inventory)}
        for pod in inventory.pods:
            found.update(_owned(pod, inventory))
            found.update(_used(pod, inventory.controller(pod.subject)))
        for workload in inventory.workloads:
            found.update(_addressed(workload, inventory))
            found.update(_owned(workload, inventory))
        for service in cast(tuple[Service, ...], inventory.of("Service")):
            found.update(_selected(service, inventory))
        found.update(_guarded(inventory))
        for kind in _NAMED:
            for item in inventory.of(kind):
                found.update(_named(item))
        return tuple(sorted(edge for edge in found if edge.source != edge.target))

    @cached_property
    def _needs(self) -> Mapping[Subject, list[Edge]]:
        return _grouped(self.edges, lambda edge: edge.source)

    @cached_property
    def _needed(self) -> Mapping[Subject, list[Edge]]:
        return _grouped(self.edges, lambda edge: edge.target)

    def owner(self, subject: Subject) -> Subject:
        """Return what people deploy in order to have an object."""
        return self._inventory.controller(subject)

    def needs(self, subject: Subject) -> list[Edge]:
        """Return the edges from an object to what it needs."""
        return self._needs.get(subject, [])

    def upstream(self, *subjects: Subject) -> Mapping[Subject, int]:
        """Return all that objects need, directly or not, with the distance in hops; themselves at 0."""
        if subjects not in self._upstream:
            self._upstream[subjects] = _reach(
                subjects, lambda at: (edge.target for edge in self._needs.get(at, ()) if edge.relation not in _LOOSE)
            )
        return self._upstream[subjects]

    def downstream(self, subject: Subject) -> Mapping[Subject, int]:
        """Return all that needs an object, directly or not, with the distance in hops; itself at 0."""
        return self._felt(subject, _LOOSE)

    def bearers(self, subject: Subject) -> Mapping[Subject, int]:
        """Return what has an object as its part or way in (owners, Services, routes), but not who calls it; as `downstream`."""
        return self._felt(subject, _LOOSE | {"calls"})

    def _felt(self, subject: Subject, without: frozenset[str]) -> Mapping[Subject, int]:
        if (subject, without) not in self._downstream:
            self._downstream[subject, without] = _reach(
                (subject,),
                lambda at: (edge.source for edge in self._needed.get(at, ()) if edge.relation not in without),
            )
        return self._downstream[subject, without]

    def neighbourhood(self, subject: Subject, hops: int = 2) -> Neighbourhood:
        """Return what is within so many hops, in either direction."""

        def beside(at: Subject) -> Iterator[Subject]:
            yield from (edge.target for edge in self._needs.get(at, ()))
            yield from (edge.source for edge in self._needed.get(at, ()))

        near = {at for at, distance in _reach((subject,), beside, hops).items() if distance <= hops}
        edges = tuple(edge for edge in self.edges if edge.source in near and edge.target in near)
        return Neighbourhood(tuple(sorted(near)), edges, {at: self.health(at) for at in near})

    def health(self, subject: Subject) -> str:
        """Say in a word how an object is: ok, failing, or missing where its kind was collected without it."""
        held = self._inventory.get(subject)
        if held is None:
            return "missing" if subject.kind in self._inventory.kinds else "unknown"
        return "ok" if _well(held, self._inventory) else "failing"


def _well(held: Resource, inventory: Inventory) -> bool:
    if isinstance(held, Pod):
        return held.ready
    if isinstance(held, Service):
        return _serves(held, inventory)
    if isinstance(held, Workload) and held.kind != "Job":
        return not held.lacking and not held.stuck
    if held.kind == "PersistentVolumeClaim":
        return held.text("status/phase") == "Bound"
    return held.kind != "Node" or _able(held)


def _serves(service: Service, inventory: Inventory) -> bool:
    """Tell whether a Service picks a ready pod; unknown, and so well, without a selector or where no pods were read."""
    known = service.selector and "Pod" in inventory.kinds
    return not known or any(pod.ready for pod in inventory.selected(service))


def _able(node: Resource) -> bool:
    """Tell whether a node is ready and has what pods need; a condition that it does not report speaks for nothing."""
    ready, short = node.condition("Ready"), [node.condition(kind) for kind in _PRESSURES]
    is_short = any(told and told.text("status") == "True" for told in short)
    return not is_short and (ready is None or ready.text("status") == "True")


def _reach(
    start: Sequence[Subject], beside: Callable[[Subject], Iterable[Subject]], farthest: int = 1_000
) -> dict[Subject, int]:
    distances, front = dict.fromkeys(start, 0), list(start)
    while front and distances[front[0]] < farthest:
        ring = sorted({step for at in front for step in beside(at) if step not in distances})
        distances |= dict.fromkeys(ring, distances[front[0]] + 1)
        front = ring
    return distances


def _grouped(edges: Iterable[Edge], end: Callable[[Edge], Subject]) -> Mapping[Subject, list[Edge]]:
    groups = defaultdict(list)
    for edge in edges:
        groups[end(edge)].append(edge)
    return groups


def _owned(item: Resource, inventory: Inventory) -> Iterator[Edge]:
    """Link a pod, or a Job of which none is left, with its owners; the owner needs what it made."""
    chain = inventory.owners(item.subject)
    for below, above in pairwise(chain):
        yield Edge(above, below, "owns")
    if (top := inventory.controller(item.subject)) != item.subject:
        yield Edge(top, item.subject, "owns")


_PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure")
_USED = (
    ("spec/volumes", "configMap/name", "ConfigMap", "mounts"),
    ("spec/volumes", "secret/secretName", "Secret", "mounts"),
    ("spec/volumes", "persistentVolumeClaim/claimName", "PersistentVolumeClaim", "mounts"),
    ("spec/imagePullSecrets", "name", "Secret", "pulls with"),
)
_READ = (
    ("env", "valueFrom/configMapKeyRef/name", "ConfigMap", "reads"),
    ("env", "valueFrom/secretKeyRef/name", "Secret", "reads"),
    ("envFrom", "configMapRef/name", "ConfigMap", "reads"),
    ("envFrom", "secretRef/name", "Secret", "reads"),
)


def _used(pod: Pod, controller: Subject) -> Iterator[Edge]:
    """Link a pod to its node, account, configuration and claims."""
    if pod.node:
        yield Edge(pod.subject, Subject("Node", "", pod.node), "runs on")
    if account := pod.text("spec/serviceAccountName"):
        yield Edge(pod.subject, Subject("ServiceAccount", pod.namespace, account), "acts as")
    yield from _refer(pod, _USED, pod.namespace)
    for container in pod.containers:
        yield from _refer(container.spec, _READ, pod.namespace)


def _refer(part: Part, paths: Iterable[tuple[str, str, str, str]], namespace: str) -> Iterator[Edge]:
    for listed, path, kind, relation in paths:
        for item in part.parts(listed):
            if name := item.text(path):
                yield Edge(part.subject, Subject(kind, namespace, name), relation)


_SELECTING = (
    ("NetworkPolicy", "spec/podSelector/matchLabels", "is guarded by"),
    ("PodDisruptionBudget", "spec/selector/matchLabels", "is protected by"),
)


def _selected(service: Service, inventory: Inventory) -> Iterator[Edge]:
    """Link a Service to the pods it picks, and to their workload so that it counts when no pod is there."""
    for pod in inventory.selected(service):
        yield Edge(service.subject, pod.subject, "selects")
    for workload in inventory.behind(service):
        yield Edge(service.subject, workload.subject, "selects")


def _guarded(inventory: Inventory) -> Iterator[Edge]:
    """Link workloads to what sets bounds around them: autoscalers, budgets, network policies, quotas."""
    for scaler in inventory.of("HorizontalPodAutoscaler"):
        kind, name = scaler.text("spec/scaleTargetRef/kind"), scaler.text("spec/scaleTargetRef/name")
        yield Edge(Subject(kind, scaler.namespace, name), scaler.subject, "is scaled by")
    for workload in inventory.workloads:
        for quota in inventory.of("ResourceQuota"):
            if quota.namespace == workload.namespace:
                yield Edge(workload.subject, quota.subject, "is bounded by")
        for kind, path, relation in _SELECTING:
            for guard in inventory.of(kind):
                if guard.namespace == workload.namespace and selects(guard.texts(path), workload.template_labels):
                    yield Edge(workload.subject, guard.subject, relation)


def _addressed(workload: Workload, inventory: Inventory) -> Iterator[Edge]:
    """Link a workload to the Services that its environment names."""
    for container in workload.containers:
        for variable in container.env:
            for address in addresses(variable.text("value")):
                namespace = address.namespace(workload.namespace)
                target = Subject("Service", namespace or "", address.service)
                if namespace and inventory.get(target):
                    yield Edge(workload.subject, target, "calls")


def _calls(inventory: Inventory) -> Iterator[Edge]:
    """Link callers to the Services they call, as a tracing source recorded it."""
    namespace = inventory.snapshot.namespace
    for call in inventory.snapshot.dependencies:
        caller, callee = (Subject("Service", namespace, name) for name in (call.caller, call.callee))
        behind = [
            workload
            for workload in inventory.workloads
            if workload.namespace == namespace and workload.name == call.caller
        ]
        yield from (Edge(workload.subject, callee, "calls") for workload in behind)
        if not behind:
            yield Edge(caller, callee, "calls")


_URL = re.compile(r"://(?:[^@/\s]*@)?([a-z0-9.-]+)")


def _complained(inventory: Inventory) -> Iterator[Edge]:
    """Link a workload to the Services by whose addresses its logs complain: it tried to call them."""
    for key in inventory.snapshot.logs:
        namespace, pod, _ = key.split("/")
        lines = (line for run in ("current", "previous") for line in inventory.logs.complaints(key, run))
        for host in {host for line in lines for host in _URL.findall(line.text)}:
            called = Address(host, None)
            target = Subject("Service", called.namespace(namespace) or "", called.service)
            if target.namespace and inventory.get(target):
                yield Edge(inventory.controller(Subject("Pod", namespace, pod)), target, "calls")


# One name each: path, kind of what it names, relation.
_NAMED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "PersistentVolumeClaim": (
        ("spec/volumeName", "PersistentVolume", "is bound to"),
        ("spec/storageClassName", "StorageClass", "is of class"),
    ),
    "Deployment": (("spec/template/spec/serviceAccountName", "ServiceAccount", "acts as"),),
    "StatefulSet": (
        ("spec/template/spec/serviceAccountName", "ServiceAccount", "acts as"),
        ("spec/serviceName", "Service", "is named by"),
    ),
    "HTTPRoute": (),
    "Ingress": (("spec/defaultBackend/service/name", "Service", "routes to"),),
}


def _named(item: Resource) -> Iterator[Edge]:
    for path, kind, relation in _NAMED[item.kind]:
        if name := item.text(path):
            namespace = "" if kind in ("PersistentVolume", "StorageClass") else item.namespace
            yield Edge(item.subject, Subject(kind, namespace, name), relation)
    for rule in item.parts("spec/rules"):
        for path_rule in rule.parts("http/paths"):
            if name := path_rule.text("backend/service/name"):
                yield Edge(item.subject, Subject("Service", item.namespace, name), "routes to")
        for backend in rule.parts("backendRefs"):
            scope = backend.text("namespace") or item.namespace
            yield Edge(item.subject, Subject("Service", scope, backend.text("name")), "routes to")
    for secured in item.parts("spec/tls"):
        if name := secured.text("secretName"):
            yield Edge(item.subject, Subject("Secret", item.namespace, name), "is secured with")

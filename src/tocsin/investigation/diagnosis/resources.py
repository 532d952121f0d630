"""Kubernetes objects as causes read them: typed looks at stored parts, each of which can be cited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.quantity import parse_quantity

# A container whose name nobody told; its log is stored under this, too.
UNNAMED = "?"
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


@dataclass(frozen=True, slots=True)
class Resource(Part):
    """A whole object."""

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def namespace(self) -> str:
        return self.subject.namespace

    @property
    def kind(self) -> str:
        return self.subject.kind

    @property
    def labels(self) -> Mapping[str, str]:
        return self.texts("metadata/labels")

    @property
    def created(self) -> datetime | None:
        return self.time("metadata/creationTimestamp")

    @property
    def leaving(self) -> bool:
        """Whether the object is being deleted."""
        return bool(self.text("metadata/deletionTimestamp"))

    @property
    def owner(self) -> Part | None:
        """The reference to the object's controller."""
        owners = list(self.parts("metadata/ownerReferences"))
        return next((owner for owner in owners if owner.get("controller")), owners[0] if owners else None)

    def condition(self, kind: str) -> Part | None:
        """Return the status condition of a type, None when it is not reported."""
        return next((part for part in self.parts("status/conditions") if part.text("type") == kind), None)


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod (or of a template, then without status): `cite` reads the specification."""

    spec: Part
    status: Part | None
    init: bool = False

    @property
    def name(self) -> str:
        """The name; `UNNAMED` of a container that only its log or a listing tells of."""
        return self.spec.text("name") or UNNAMED

    @property
    def image(self) -> str:
        return self.spec.text("image")

    @property
    def ports(self) -> tuple[Part, ...]:
        return tuple(self.spec.parts("ports"))

    @property
    def env(self) -> tuple[Part, ...]:
        return tuple(self.spec.parts("env"))

    @property
    def ready(self) -> bool:
        return bool(self.status and self.status.get("ready"))

    @property
    def restarts(self) -> int:
        return (self.status.number("restartCount") if self.status else 0) or 0

    @property
    def waiting(self) -> Part | None:
        """Why the container is not running: its reason and message."""
        return self.status.part("state/waiting") if self.status else None

    @property
    def last_exit(self) -> Part | None:
        """How the container ended last: the present state if it is over, else the run before."""
        if not self.status:
            return None
        return self.status.part("state/terminated") or self.status.part("lastState/terminated")

    @property
    def started(self) -> bool:
        """Whether the container has run at all, and so may have written a log; taken for granted without a status."""
        return not self.status or bool(self.restarts or self.last_exit or self.status.part("state/running"))

    def amount(self, bound: str, resource: str) -> Fraction | None:
        """Return a `limits` or `requests` entry in base units (bytes, cores)."""
        return parse_quantity(self.spec.get(f"resources/{bound}/{resource}"))

    def probes(self) -> Iterator[tuple[str, Part]]:
        """Yield the probes by the name of their field."""
        for field in PROBES:
            if probe := self.spec.part(field):
                yield field, probe

    def cite(self, path: str = "", weight: float = MODERATE) -> Citation:
        """Cite a value of the specification."""
        return self.spec.cite(path, weight)


@dataclass(frozen=True)
class Pod(Resource):
    """One pod with its containers; without slots, so that it can keep what every cause asks."""

    @property
    def phase(self) -> str:
        return self.text("status/phase")

    @property
    def node(self) -> str:
        return self.text("spec/nodeName")

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """The init containers first, in the order in which they run."""
        return (
            *self._joined("initContainers", "initContainerStatuses"),
            *self._joined("containers", "containerStatuses"),
        )

    def log_of(self, container: str) -> str:
        """Return the place of a container's log in a snapshot: namespace/pod/container."""
        return f"{self.namespace}/{self.name}/{container}"

    @property
    def evicted(self) -> bool:
        """Whether a kubelet put the pod out; its logs went with it."""
        return self.text("status/reason") == "Evicted"

    @cached_property
    def ready(self) -> bool:
        """Whether the pod serves, or has done its work."""
        if self.phase == "Succeeded":
            return True
        if told := self.condition("Ready"):
            return told.text("status") == "True"
        running = [container for container in self.containers if not container.init]
        return self.phase == "Running" and all(container.ready for container in running if container.status)

    def _joined(self, specs: str, statuses: str) -> Iterator[Container]:
        known = {status.text("name"): status for status in self.parts(f"status/{statuses}")}
        for spec in self.parts(f"spec/{specs}"):
            yield Container(spec, known.pop(spec.text("name"), None), specs == "initContainers")
        for name, status in known.items():
            yield Container(Part(self.subject, "/status", {"name": name}), status, specs == "initContainers")


@dataclass(frozen=True, slots=True)
class Workload(Resource):
    """What makes pods: a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job."""

    @property
    def desired(self) -> int:
        count = self.number("spec/replicas")
        if self.kind == "DaemonSet":
            return self.number("status/desiredNumberScheduled") or 0
        return 1 if count is None else count

    @property
    def available(self) -> int:
        field = "numberReady" if self.kind == "DaemonSet" else "readyReplicas"
        return self.number(f"status/{field}") or 0

    @property
    def lacking(self) -> bool:
        """Whether fewer replicas are ready than wanted; unknown, and so not, where no status was stored."""
        return bool(self.mapping("status")) and self.available < self.desired

    @property
    def stuck(self) -> bool:
        """Whether a rollout has replicas that are not available."""
        return self.kind == "Deployment" and bool(self.number("status/unavailableReplicas"))

    @property
    def updating(self) -> bool:
        """Whether a DaemonSet has pods that are not of its newest template."""
        updated = self.number("status/updatedNumberScheduled")
        return self.kind == "DaemonSet" and updated is not None and updated < self.desired

    @property
    def selector(self) -> Mapping[str, str]:
        return self.texts("spec/selector/matchLabels")

    @property
    def template_labels(self) -> Mapping[str, str]:
        return self.texts("spec/template/metadata/labels")

    @property
    def containers(self) -> tuple[Container, ...]:
        return tuple(Container(spec, None) for spec in self.parts("spec/template/spec/containers"))


@dataclass(frozen=True, slots=True)
class Service(Resource):
    """A Service and the ports it offers."""

    @property
    def selector(self) -> Mapping[str, str]:
        return self.texts("spec/selector")

    @property
    def ports(self) -> tuple[Part, ...]:
        return tuple(self.parts("spec/ports"))


@dataclass(frozen=True, slots=True)
class Node(Resource):
    """A machine of the cluster."""

    @property
    def cordoned(self) -> bool:
        return bool(self.get("spec/unschedulable"))

    @property
    def taints(self) -> tuple[Part, ...]:
        return tuple(self.parts("spec/taints"))

    def allocatable(self, resource: str) -> Fraction | None:
        """Return what pods may take of a resource, in base units."""
        return parse_quantity(self.get(f"status/allocatable/{resource}"))


VIEWS: Mapping[str, type[Resource]] = {
    "Pod": Pod,
    "Deployment": Workload,
    "ReplicaSet": Workload,
    "StatefulSet": Workload,
    "DaemonSet": Workload,
    "Job": Workload,
    "Service": Service,
    "Node": Node,
}


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Tell whether an equality selector picks these labels; an empty selector picks nothing."""
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())

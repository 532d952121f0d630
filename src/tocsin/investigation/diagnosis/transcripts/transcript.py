"""What one output of a tool tells: the same sections as a snapshot, as far as the text goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]

DESCRIBED = "kubectl describe"

# The API groups of the kinds that kubectl lists without naming them.
_API = {
    "Deployment": "apps/v1",
    "ReplicaSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Ingress": "networking.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
    "EndpointSlice": "discovery.k8s.io/v1",
    "Application": "argoproj.io/v1alpha1",
}


@dataclass(slots=True)
class Transcript:
    """`what` names the output ("kubectl describe pod"); logs by "namespace/pod/container" and run.

    An object holds what was printed of it and nothing else. Where no namespace was printed it has none.
    """

    what: str
    objects: list[Document] = field(default_factory=list)
    events: list[Document] = field(default_factory=list)
    metrics: list[Document] = field(default_factory=list)
    logs: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, other: "Transcript") -> None:
        """Take over what another output tells."""
        self.objects += other.objects
        self.events += other.events
        self.metrics += other.metrics
        for key, runs in other.logs.items():
            self.logs.setdefault(key, {}).update(runs)

    @property
    def empty(self) -> bool:
        """Whether nothing could be read."""
        return not (self.objects or self.events or self.metrics or self.logs)


def made(kind: str, name: str, namespace: str = "", **parts: Any) -> Document:
    """Return an object; parts that hold nothing are left out, however deep."""
    metadata = {"name": name, "namespace": namespace, **parts.pop("metadata", {})}
    document = {"apiVersion": parts.pop("apiVersion", _API.get(kind, "v1")), "kind": kind, "metadata": metadata}
    return slim({**document, **parts})


def event(about: Mapping[str, Any], **told: Any) -> Document:
    """Return an event about an object."""
    metadata = about["metadata"]
    involved = {"kind": about["kind"], "name": metadata["name"], "namespace": metadata.get("namespace")}
    return slim({"kind": "Event", "apiVersion": "v1", "metadata": {}, "involvedObject": involved, **told})


def slim(document: Mapping[str, Any]) -> Document:
    """Leave out what is None, an empty text or list, or a mapping of nothing."""
    kept = {}
    for name, value in document.items():
        held = slim(value) if isinstance(value, Mapping) else value
        if held is not None and held != "" and held != [] and held != {}:
            kept[name] = held
    return kept


def owner(told: str) -> list[Document]:
    """Return the owner reference of "ReplicaSet/web-7d8f"; none for anything else."""
    kind, slash, name = told.partition("/")
    return [{"apiVersion": _API.get(kind, "v1"), "kind": kind, "name": name, "controller": True}] if slash else []


def first(found: Iterable[str]) -> str:
    """Return the first text, empty when there is none."""
    return next(iter(found), "")

"""What a diagnosis is asked about, and which places can be to blame for it: never more than the alert names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.investigation.diagnosis.stored import CLUSTER_SCOPED
from tocsin.investigation.diagnosis.topology import Topology

# An alert that names nothing here may be about anything: a fault that was found need not be its cause.
UNNAMED = 0.6
_BESIDE, _HOPS = -1.0, 2
# Labels as kube-state-metrics, cAdvisor and the kubelet set them, the most telling first.
_LABELS: Mapping[str, str] = {
    "pod": "Pod",
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "daemonset": "DaemonSet",
    "cronjob": "CronJob",
    "job_name": "Job",
    "replicaset": "ReplicaSet",
    "persistentvolumeclaim": "PersistentVolumeClaim",
    "horizontalpodautoscaler": "HorizontalPodAutoscaler",
    "poddisruptionbudget": "PodDisruptionBudget",
    "resourcequota": "ResourceQuota",
    "ingress": "Ingress",
    "service": "Service",
    "persistentvolume": "PersistentVolume",
    "node": "Node",
}


@dataclass(frozen=True, slots=True)
class Focus:
    """The question that a diagnosis answers.

    `near` are the places that can be to blame, each with what its distance adds to the log-odds (nats). A `namespace`
    adds everything in it and what belongs to the whole cluster; "" adds everything, None nothing. `doubt` says why no
    confidence may pass `UNNAMED`; empty where it may.
    """

    subject: Subject | None
    near: Mapping[Subject, float] = field(default_factory=dict)
    namespace: str | None = ""
    doubt: str = ""

    def weight(self, at: Subject) -> float | None:
        """Return what a place's distance adds (nats), None for one that cannot be to blame."""
        if at in self.near:
            return self.near[at]
        inside = self.namespace == "" or (self.namespace is not None and at.namespace in ("", self.namespace))
        return 0.0 if inside else None

    def covers(self, at: Subject) -> bool:
        """Tell whether a place can be to blame."""
        return self.weight(at) is not None


def subject_of(asked: Subject | None, inventory: Inventory) -> tuple[Subject | None, str]:
    """Return what is asked about, and a doubt: what a person asks, else what the alert's resource or labels name.

    An alert that names nothing stored is looked into where the snapshot was taken, with doubt; without an alert the
    question is what is wrong there, and there is none.
    """
    snapshot = inventory.snapshot
    if subject := asked or _named(snapshot) or next(_labelled(inventory), None):
        return subject, ""
    alert, here = snapshot.alert, snapshot.namespace
    doubt = "the alert names nothing that was read" if alert.title or alert.labels else ""
    return (Subject("Namespace", "", here) if here else None), doubt


def focus_on(subject: Subject | None, doubt: str, inventory: Inventory, topology: Topology) -> Focus:
    """Return the question about a subject: which places can be to blame for what is wrong with it."""
    if subject is None:
        return Focus(None, doubt=doubt)
    if subject.kind != "Namespace":
        return Focus(subject, _around({subject, inventory.controller(subject)}, topology), None, doubt)
    stored = (*inventory.snapshot.by_subject, *(event.about for event in inventory.events))
    held = {at for at in stored if at.namespace == subject.name}
    needed = dict.fromkeys(topology.upstream(*held), 0.0)
    return Focus(subject, needed, subject.name if held else None, doubt)


def _around(start: set[Subject], topology: Topology) -> dict[Subject, float]:
    """Weigh places by where people look: the subject and all it needs count full, what stands beside it less.

    A caller is not beside what it calls: its own trouble explains nothing there.
    """
    beside = {at for place in start for at, hops in topology.bearers(place).items() if hops <= _HOPS}
    return dict.fromkeys(beside, _BESIDE) | dict.fromkeys(topology.upstream(*start), 0.0)


def _named(snapshot: Snapshot) -> Subject | None:
    """Return what the alert's resource names: an object, or at least a namespace."""
    named = snapshot.alert.resource
    if named is None:
        return None
    if named.kind and named.name:
        scope = "" if named.kind in CLUSTER_SCOPED else named.namespace or snapshot.namespace
        return Subject(named.kind, scope, named.name)
    return Subject("Namespace", "", named.namespace) if named.namespace else None


def _labelled(inventory: Inventory) -> Iterator[Subject]:
    """Yield the stored objects that the alert's labels name, then a namespace if labels name nothing else."""
    labels = inventory.snapshot.alert.labels
    namespace = labels.get("namespace") or inventory.snapshot.namespace
    told = [(kind, labels[label]) for label, kind in _LABELS.items() if labels.get(label)]
    for kind, name in told:
        subject = Subject(kind, "" if kind in CLUSTER_SCOPED else namespace, name)
        if any(inventory.get(at) for at in (subject, inventory.controller(subject))):
            yield subject
    if labels.get("namespace") and not told:
        yield Subject("Namespace", "", namespace)

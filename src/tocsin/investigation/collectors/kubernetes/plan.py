"""What to list in a cluster about an alert, the most important first: pure decisions, no requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.investigation.collectors.kubernetes.kinds import BY_NAME, KINDS, Kind, Offer

SYSTEM = "kube-system"
NODE_LEASES = "kube-node-lease"
# What of the cluster's own namespace is read: its name service, proxies, scheduler, controllers.
_OF_THE_SYSTEM = ("Pod", "Event", "Service", "EndpointSlice", "Deployment", "DaemonSet", "ConfigMap", "Lease")
# These live in the namespace of their tool and act on others: looked for everywhere, kept where they concern the alert's.
_ACT_FROM_AFAR = frozenset({"Application", "HelmRelease", "Kustomization"})
# Listed without their contents, which are read of those alone that something reads.
METADATA_FIRST = frozenset({"ConfigMap"})
_LABELS = {  # alert labels of kube-state-metrics and the kubelet, the most telling first
    "pod": "Pod",
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "daemonset": "DaemonSet",
    "cronjob": "CronJob",
    "job_name": "Job",
    "persistentvolumeclaim": "PersistentVolumeClaim",
    "horizontalpodautoscaler": "HorizontalPodAutoscaler",
    "service": "Service",
    "node": "Node",
}


@dataclass(frozen=True, slots=True)
class Focus:
    """The resource that the alert is about, as far as it says. Without a namespace the whole cluster is looked at."""

    kind: str
    namespace: str
    name: str

    @property
    def is_listed(self) -> bool:
        """Whether the resource is of a kind that is read at all."""
        return self.kind in {"", "Namespace"} or self.kind in BY_NAME


@dataclass(frozen=True, slots=True)
class Listing:
    """One list to ask for. `what` is how a gap calls it: the plural, and what of it where that is not all in view.

    `concerning` names the namespace that an item must speak of to be kept; `is_whole` tells whether the list holds all
    of the kind that is in view, so that what it lacks is not there.
    """

    kind: str
    path: str
    what: str
    query: Mapping[str, str] = field(default_factory=dict)
    metadata_only: bool = False
    concerning: str = ""
    is_whole: bool = True

    @property
    def section(self) -> str:
        """The section of the snapshot that its items go to."""
        if self.kind.endswith("Metrics"):
            return "metrics"
        return "events" if self.kind == "Event" else "objects"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to list, the kinds that the cluster does not know, and those that it serves in no version we understand."""

    listings: tuple[Listing, ...] = ()
    absent: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: Plan) -> Plan:
        return Plan(self.listings + other.listings, self.absent | other.absent, {**self.unread, **other.unread})


def focus_of(alert: Mapping[str, Any], context_namespace: str) -> Focus:
    """The focus that an alert's `resource` names, completed from its labels.

    Whoever asks by hand for a name without a namespace means that of the context, as with kubectl.
    """
    resource = alert.get("resource") or {}
    labels = alert.get("labels") or {}
    kind, name = resource.get("kind") or "", resource.get("name") or ""
    if not name:
        label = next((label for label in _LABELS if labels.get(label)), "")
        kind, name = (_LABELS[label], labels[label]) if label else (kind, "")
    if kind in BY_NAME and not BY_NAME[kind].namespaced and kind != "Namespace":
        return Focus(kind, "", name)
    namespace = resource.get("namespace") or labels.get("namespace") or (name if kind == "Namespace" else "")
    if not namespace and (kind or name):
        namespace = context_namespace or "default"
    return Focus(kind, namespace, namespace if kind == "Namespace" else name)


def of_namespace(namespace: str, offer: Offer, *, secret_metadata: bool = False) -> Plan:
    """Everything that belongs to a namespace ("": to any); Secrets only if asked for, and then without their values."""
    kinds = [kind for kind in KINDS if kind.namespaced and kind.name not in {"Lease", *_ACT_FROM_AFAR}]
    if secret_metadata:
        kinds.append(Kind("Secret", "", "secrets", ("v1",), namespaced=True))
    return _plan(kinds, namespace, offer)


def of_cluster(focus: Focus, offer: Offer) -> Plan:
    """What all namespaces share, and what acts on the alert's from elsewhere."""
    shared = _plan([kind for kind in KINDS if not kind.namespaced], "", offer)
    tools = _plan([BY_NAME[name] for name in sorted(_ACT_FROM_AFAR)], "", offer)
    concerning = tuple(replace(listing, concerning=focus.namespace) for listing in tools.listings)
    own = [] if focus.namespace == "default" or (not focus.namespace and focus.kind != "Node") else [_EVENTS_OF_NODES]
    return shared + replace(tools, listings=concerning) + Plan((*own, _NODE_LEASES))


def of_system(offer: Offer) -> Plan:
    """What of the cluster's own namespace is read for any alert."""
    plan = _plan([BY_NAME[name] for name in _OF_THE_SYSTEM], SYSTEM, offer)
    return Plan(plan.listings)


def of_node(node: str) -> Plan:
    """The pods on a node, wherever they live."""
    on_it = {"fieldSelector": f"spec.nodeName={node}"}
    return Plan((Listing("Pod", "/api/v1/pods", "pods", on_it, is_whole=False),))


def list_path(kind: str, namespace: str) -> str:
    """The path of the list of a kind of the core group, in a namespace ("": in all)."""
    place = f"/namespaces/{namespace}" if namespace else ""
    return f"/api/v1{place}/{BY_NAME[kind].plural}"


def object_path(kind: str, namespace: str, name: str) -> str:
    """The path of one object of a kind of the core group."""
    return f"{list_path(kind, namespace)}/{name}"


def _plan(kinds: list[Kind], namespace: str, offer: Offer) -> Plan:
    found: list[Listing] = []
    absent: set[str] = set()
    unread: dict[str, str] = {}
    for kind in kinds:
        if version := offer.version(kind):
            found.append(_listing(kind, version, namespace))
        elif others := offer.other_versions(kind):
            unread[kind.plural] = f"the cluster serves {kind.group} in {', '.join(others)}, not {kind.versions[0]}"
        else:
            absent.add(kind.name)
    return Plan(tuple(found), frozenset(absent), unread)


def _listing(kind: Kind, version: str, namespace: str) -> Listing:
    place = f"/namespaces/{namespace}" if namespace else ""
    what = kind.name.lower() if kind.name.endswith("Metrics") else kind.plural
    metadata_only = kind.name in {"Secret", *METADATA_FIRST}
    return Listing(kind.name, f"{kind.root(version)}{place}/{kind.plural}", what, metadata_only=metadata_only)


# Events about nodes are written into the namespace `default`.
_EVENTS_OF_NODES = Listing(
    "Event",
    "/api/v1/namespaces/default/events",
    "events of nodes",
    {"fieldSelector": "involvedObject.kind=Node"},
    is_whole=False,
)
# Each kubelet renews one every ten seconds.
_NODE_LEASES = Listing(
    "Lease", f"/apis/coordination.k8s.io/v1/namespaces/{NODE_LEASES}/leases", "leases of nodes", is_whole=False
)

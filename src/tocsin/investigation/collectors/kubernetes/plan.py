"""What to ask a cluster about an alert, in which order of importance: pure decisions, no requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

# kind -> group/version, plural. The namespace's own, then the whole cluster's.
NAMESPACED: Mapping[str, tuple[str, str]] = {
    "Pod": ("v1", "pods"),
    "Event": ("v1", "events"),
    "Service": ("v1", "services"),
    "ConfigMap": ("v1", "configmaps"),
    "Endpoints": ("v1", "endpoints"),
    "PersistentVolumeClaim": ("v1", "persistentvolumeclaims"),
    "ServiceAccount": ("v1", "serviceaccounts"),
    "ResourceQuota": ("v1", "resourcequotas"),
    "LimitRange": ("v1", "limitranges"),
    "Deployment": ("apps/v1", "deployments"),
    "ReplicaSet": ("apps/v1", "replicasets"),
    "StatefulSet": ("apps/v1", "statefulsets"),
    "DaemonSet": ("apps/v1", "daemonsets"),
    "ControllerRevision": ("apps/v1", "controllerrevisions"),
    "Job": ("batch/v1", "jobs"),
    "CronJob": ("batch/v1", "cronjobs"),
    "EndpointSlice": ("discovery.k8s.io/v1", "endpointslices"),
    "Ingress": ("networking.k8s.io/v1", "ingresses"),
    "NetworkPolicy": ("networking.k8s.io/v1", "networkpolicies"),
    "HorizontalPodAutoscaler": ("autoscaling/v2", "horizontalpodautoscalers"),
    "PodDisruptionBudget": ("policy/v1", "poddisruptionbudgets"),
    "Role": ("rbac.authorization.k8s.io/v1", "roles"),
    "RoleBinding": ("rbac.authorization.k8s.io/v1", "rolebindings"),
    "Gateway": ("gateway.networking.k8s.io/v1", "gateways"),
    "HTTPRoute": ("gateway.networking.k8s.io/v1", "httproutes"),
    "PodMetrics": ("metrics.k8s.io/v1beta1", "pods"),
}
CLUSTER_WIDE: Mapping[str, tuple[str, str]] = {
    "Node": ("v1", "nodes"),
    "PersistentVolume": ("v1", "persistentvolumes"),
    "StorageClass": ("storage.k8s.io/v1", "storageclasses"),
    "VolumeAttachment": ("storage.k8s.io/v1", "volumeattachments"),
    "IngressClass": ("networking.k8s.io/v1", "ingressclasses"),
    "PriorityClass": ("scheduling.k8s.io/v1", "priorityclasses"),
    "MutatingWebhookConfiguration": ("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations"),
    "ValidatingWebhookConfiguration": ("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations"),
    "APIService": ("apiregistration.k8s.io/v1", "apiservices"),
    "NodeMetrics": ("metrics.k8s.io/v1beta1", "nodes"),
}
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
        return self.kind in {"", "Namespace"} or self.kind in NAMESPACED or self.kind in CLUSTER_WIDE


@dataclass(frozen=True, slots=True)
class Listing:
    """One list to ask for. `what` is how a gap calls it: the plural, and the namespace where it isn't the alert's."""

    kind: str
    path: str
    what: str
    query: Mapping[str, str] = field(default_factory=dict)
    metadata_only: bool = False

    @property
    def section(self) -> str:
        """The section of the snapshot that its items go to."""
        return "events" if self.kind == "Event" else "objects"

    @property
    def group_path(self) -> str | None:
        """Where the API group describes itself; None for the core group, which every cluster has."""
        parts = self.path.split("/")
        return f"/apis/{parts[2]}" if parts[1] == "apis" else None


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
    if kind in CLUSTER_WIDE:
        return Focus(kind, "", name)
    namespace = resource.get("namespace") or labels.get("namespace") or (name if kind == "Namespace" else "")
    if not namespace and (kind or name):
        namespace = context_namespace or "default"
    return Focus(kind, namespace, namespace if kind == "Namespace" else name)


def listings(focus: Focus, *, secret_metadata: bool = False) -> list[Listing]:
    """Everything to list, the most important first; Secrets only if asked for, and then without their values."""
    if focus.kind == "Node":
        on_it = {"fieldSelector": f"spec.nodeName={focus.name}"}
        pods = Listing("Pod", "/api/v1/pods", "pods", on_it)
        return [pods, _node_events("default"), *(_listing(kind, "") for kind in CLUSTER_WIDE)]
    own = [_listing(kind, focus.namespace) for kind in NAMESPACED]
    of_nodes = [_node_events("default")] if focus.namespace not in {"", "default"} else []
    if secret_metadata:
        place = f"/namespaces/{focus.namespace}" if focus.namespace else ""
        own.append(Listing("Secret", f"/api/v1{place}/secrets", "secrets", metadata_only=True))
    return [*own, *of_nodes, *(_listing(kind, "") for kind in CLUSTER_WIDE)]


def _listing(kind: str, namespace: str) -> Listing:
    version, plural = NAMESPACED.get(kind) or CLUSTER_WIDE[kind]
    root = f"/api/{version}" if version == "v1" else f"/apis/{version}"
    place = f"/namespaces/{namespace}" if namespace else ""
    return Listing(kind, f"{root}{place}/{plural}", plural if not kind.endswith("Metrics") else kind.lower())


def _node_events(namespace: str) -> Listing:
    """Events about nodes are written into the namespace `default`."""
    query = {"fieldSelector": "involvedObject.kind=Node"}
    return Listing("Event", f"/api/v1/namespaces/{namespace}/events", "events of nodes", query)


# --- logs --------------------------------------------------------------------------------------------------------

MOST_LOGS = 60
_MOST_TROUBLED_OF_ONE_OWNER = 5
_HEALTHY_OF_ONE_OWNER = 1


class _Owner(msgspec.Struct):
    name: str = ""


class _Metadata(msgspec.Struct):
    name: str
    namespace: str = ""
    owners: list[_Owner] = msgspec.field(default_factory=list, name="ownerReferences")


class _Waiting(msgspec.Struct):
    reason: str = ""


class _Terminated(msgspec.Struct):
    code: int = msgspec.field(default=0, name="exitCode")


class _State(msgspec.Struct):
    waiting: _Waiting | None = None
    terminated: _Terminated | None = None


class _ContainerStatus(msgspec.Struct):
    name: str
    ready: bool = False
    restarts: int = msgspec.field(default=0, name="restartCount")
    state: _State = msgspec.field(default_factory=_State)
    last: _State = msgspec.field(default_factory=_State, name="lastState")


class _PodStatus(msgspec.Struct):
    phase: str = ""
    containers: list[_ContainerStatus] = msgspec.field(default_factory=list, name="containerStatuses")
    init: list[_ContainerStatus] = msgspec.field(default_factory=list, name="initContainerStatuses")


class PodOutline(msgspec.Struct):
    """What a pod's JSON says about whether its logs are worth reading."""

    metadata: _Metadata
    status: _PodStatus = msgspec.field(default_factory=_PodStatus)


@dataclass(frozen=True, slots=True)
class LogWish:
    """A container's output to read; `previous` is that of the run before."""

    namespace: str
    pod: str
    container: str
    previous: bool


def log_wishes(pods: Iterable[PodOutline], focus: Focus) -> tuple[list[LogWish], int]:
    """The logs worth reading, the most telling first, and how many of troubled containers were left out.

    Containers in trouble and those of the alert's resource come first; of what is healthy, one pod an owner.
    """
    scored = [(_score(pod, status, focus), pod, status) for pod in pods for status in _containers(pod)]
    scored.sort(key=lambda entry: (-entry[0], entry[1].metadata.name, entry[2].name))
    of_owner: Counter[tuple[str, str, bool]] = Counter()
    wishes: list[LogWish] = []
    left_out = 0
    for score, pod, status in scored:
        owner = pod.metadata.owners[0].name if pod.metadata.owners else pod.metadata.name
        kin = (owner, status.name, score > 0)
        of_owner[kin] += 1
        enough = of_owner[kin] > (_MOST_TROUBLED_OF_ONE_OWNER if score > 0 else _HEALTHY_OF_ONE_OWNER)
        if enough or len(wishes) >= MOST_LOGS:
            left_out += score > 0
            continue
        wishes.extend(_runs(pod, status))
    return wishes, left_out


def _containers(pod: PodOutline) -> list[_ContainerStatus]:
    """Those that ever ran; init containers only while they fail or hold the pod up."""
    init = [status for status in pod.status.init if not status.ready]
    return [status for status in (*pod.status.containers, *init) if status.restarts or status.state.waiting is None]


def _score(pod: PodOutline, status: _ContainerStatus, focus: Focus) -> int:
    score = 0
    if status.state.waiting or (status.state.terminated and status.state.terminated.code):
        score += 50
    elif not status.ready and pod.status.phase != "Succeeded":
        score += 30
    if status.restarts:
        score += 20
    if focus.name and f"{pod.metadata.name}-".startswith(f"{focus.name}-"):
        score += 60
    return score


def _runs(pod: PodOutline, status: _ContainerStatus) -> list[LogWish]:
    namespace, name = pod.metadata.namespace, pod.metadata.name
    runs = [LogWish(namespace, name, status.name, previous=False)]
    if status.restarts or status.last.terminated:
        runs.insert(0, LogWish(namespace, name, status.name, previous=True))
    return runs

"""What to list in a cluster about an alert, the most important first: pure decisions, no requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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

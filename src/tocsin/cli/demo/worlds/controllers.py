"""What controllers write by looking at pods: counts, conditions, endpoints. Derived, so a world agrees with itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tocsin.cli.demo.worlds.metadata import Json, managed, metadata, stamp


def is_ready(pod: Json) -> bool:
    """Whether the pod's Ready condition is True."""
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def is_owned(one: Json, controller: Json) -> bool:
    """Whether `controller` is among the object's owners."""
    return any(ref["uid"] == controller["metadata"]["uid"] for ref in one["metadata"].get("ownerReferences", []))


def _selected(pods: Sequence[Json], selector: Mapping[str, str]) -> list[Json]:
    return [pod for pod in pods if selector.items() <= pod["metadata"].get("labels", {}).items()]


def _counted(**counts: int) -> Json:
    return {name: count for name, count in counts.items() if count or name == "replicas"}


def replica_set_status(replica_set: Json, pods: Sequence[Json]) -> Json:
    """The status of a ReplicaSet whose pods are among `pods`. Pods that ended do not count."""
    mine = [pod for pod in pods if is_owned(pod, replica_set)]
    alive = [pod for pod in mine if pod["status"]["phase"] not in {"Failed", "Succeeded"}]
    ready = sum(map(is_ready, alive))
    counts = _counted(
        replicas=len(alive), fullyLabeledReplicas=len(alive), readyReplicas=ready, availableReplicas=ready
    )
    return {**counts, "observedGeneration": 1}


def _last_turn(pods: Sequence[Json]) -> datetime | None:
    """When the last of the pods that are not ready stopped being so."""
    times = [
        one["lastTransitionTime"]
        for pod in pods
        for one in pod["status"].get("conditions", [])
        if one["type"] == "Ready" and one["status"] == "False"
    ]
    return datetime.fromisoformat(max(times)) if times else None


def deployment_status(
    deployment: Json, replica_sets: Sequence[Json], pods: Sequence[Json], rolled_out: datetime
) -> Json:
    """The status of a Deployment from its ReplicaSets (newest last), their pods, and when the last rollout ended."""
    statuses = [one["status"] for one in replica_sets]
    wanted, newest = deployment["spec"]["replicas"], replica_sets[-1]
    ready = sum(status.get("readyReplicas", 0) for status in statuses)
    counts = _counted(
        replicas=sum(status["replicas"] for status in statuses),
        updatedReplicas=newest["status"]["replicas"],
        readyReplicas=ready,
        availableReplicas=ready,
        unavailableReplicas=max(0, wanted - ready),
    )
    message = f'ReplicaSet "{newest["metadata"]["name"]}" has successfully progressed.'
    available = _condition(
        "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", rolled_out
    )
    if ready < wanted - wanted // 4:
        lost = _last_turn([pod for pod in pods if any(is_owned(pod, one) for one in replica_sets)]) or rolled_out
        told = "Deployment does not have minimum availability."
        available = _condition("Available", "False", "MinimumReplicasUnavailable", told, lost)
    conditions = [available, _condition("Progressing", "True", "NewReplicaSetAvailable", message, rolled_out)]
    return {"conditions": conditions, "observedGeneration": deployment["metadata"]["generation"], **counts}


def _condition(kind: str, status: str, reason: str, message: str, since: datetime) -> Json:
    at = stamp(since)
    return {
        "lastTransitionTime": at,
        "lastUpdateTime": at,
        "message": message,
        "reason": reason,
        "status": status,
        "type": kind,
    }


def endpoint_slice(service: Json, pods: Sequence[Json], at: datetime) -> Json:
    """The EndpointSlice of a Service: the running pods among `pods` that its selector matches."""
    meta, port = service["metadata"], service["spec"]["ports"][0]
    matched = [pod for pod in _selected(pods, service["spec"]["selector"]) if "podIP" in pod["status"]]
    endpoints = [
        {
            "addresses": [pod["status"]["podIP"]],
            "conditions": {"ready": is_ready(pod), "serving": is_ready(pod), "terminating": False},
            "nodeName": pod["spec"]["nodeName"],
            "targetRef": {
                "kind": "Pod",
                "name": pod["metadata"]["name"],
                "namespace": meta["namespace"],
                "uid": pod["metadata"]["uid"],
            },
        }
        for pod in matched
    ]
    own_meta = metadata(
        "EndpointSlice",
        f"{meta['name']}-{meta['uid'][:5]}",
        meta["namespace"],
        datetime.fromisoformat(meta["creationTimestamp"]),
        labels={
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            "kubernetes.io/service-name": meta["name"],
        },
        owned_by=service,
        fields=[managed("kube-controller-manager", at, {"endpoints": []}, api="discovery.k8s.io/v1")],
    )
    return {
        "addressType": "IPv4",
        "apiVersion": "discovery.k8s.io/v1",
        "endpoints": endpoints,
        "kind": "EndpointSlice",
        "metadata": own_meta,
        "ports": [{"name": port["name"], "port": port["targetPort"], "protocol": port["protocol"]}] if matched else [],
    }

"""What workloads stand on: nodes, namespaces, Services, configuration, events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds.metadata import Json, letters, managed, metadata, precise, stamp, uid

_GIB = 1024 * 1024  # in Ki, as nodes count their memory
_HEALTHY = {
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status"),
}


_NODE_INFO = {
    "architecture": "amd64",
    "containerRuntimeVersion": "containerd://1.7.27",
    "kernelVersion": "6.1.134-152.225",
    "kubeletVersion": "v1.33.4",
    "operatingSystem": "linux",
    "osImage": "Debian GNU/Linux 12 (bookworm)",
}


def _node_conditions(joined: datetime, seen: datetime) -> list[Json]:
    return [
        {
            "lastHeartbeatTime": stamp(seen),
            "lastTransitionTime": stamp(joined),
            "message": message,
            "reason": reason,
            "status": status,
            "type": kind,
        }
        for kind, (status, reason, message) in _HEALTHY.items()
    ]


def _room(cpu: int, memory_gib: int) -> tuple[Json, Json]:
    """Capacity and allocatable of a node: 100 GiB of disk, a little of everything kept for the system."""
    capacity = {"cpu": str(cpu), "ephemeral-storage": "104845292Ki", "memory": f"{memory_gib * _GIB}Ki", "pods": "110"}
    kept = {"cpu": f"{cpu * 1000 - 80}m", "ephemeral-storage": "95551679124", "memory": f"{(memory_gib - 1) * _GIB}Ki"}
    return capacity, {**capacity, **kept}


def node(name: str, *, zone: str, ip: str, cpu: int, memory_gib: int, joined: datetime, seen: datetime) -> Json:
    """A healthy node that last reported at `seen`."""
    labels = {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": f"standard-{cpu}-{memory_gib}",
        "topology.kubernetes.io/zone": zone,
    }
    capacity, allocatable = _room(cpu, memory_gib)
    writes = [managed("kubelet", seen, {"status": {"conditions": [], "allocatable": {}, "capacity": {}}}, sub="status")]
    spec = {"podCIDR": f"10.42.{ip.split('.')[2]}.0/24", "providerID": f"cloud:///{zone}/i-{letters(10, name)}"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": metadata("Node", name, "", joined, labels=labels, fields=writes),
        "spec": spec,
        "status": {
            "addresses": [{"address": ip, "type": "InternalIP"}, {"address": name, "type": "Hostname"}],
            "allocatable": allocatable,
            "capacity": capacity,
            "conditions": _node_conditions(joined, seen),
            "images": [],
            "nodeInfo": _NODE_INFO,
        },
    }


def namespace_object(name: str, environment: str, created: datetime) -> Json:
    """The Namespace itself, labelled with its environment."""
    labels = {"kubernetes.io/metadata.name": name, "environment": environment}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": metadata("Namespace", name, "", created, labels=labels),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def service_account(name: str, namespace: str, created: datetime) -> Json:
    """A ServiceAccount without anything of its own."""
    meta = metadata("ServiceAccount", name, namespace, created)
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta}


def service(
    name: str, namespace: str, *, selector: Mapping[str, str], port: int, target: int, ip: str, created: datetime
) -> Json:
    """A Service inside the cluster on one TCP port; `ip` is "None" for a headless one."""
    spec = {
        "clusterIP": ip,
        "clusterIPs": [ip],
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"name": "main", "port": port, "protocol": "TCP", "targetPort": target}],
        "selector": dict(selector),
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }
    writes = [managed("argocd-controller", created, {"spec": {"ports": [], "selector": dict(selector)}})]
    meta = metadata("Service", name, namespace, created, labels={"app.kubernetes.io/name": name}, fields=writes)
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec, "status": {"loadBalancer": {}}}


def config_map(name: str, namespace: str, data: Mapping[str, str], *, created: datetime, writes: list[Json]) -> Json:
    """A ConfigMap; `writes` are its managedFields: who wrote which keys, when."""
    meta = metadata("ConfigMap", name, namespace, created, fields=writes)
    return {"apiVersion": "v1", "data": dict(data), "kind": "ConfigMap", "metadata": meta}


def event(
    about: Json,
    reason: str,
    message: str,
    *,
    last: datetime,
    count: int = 1,
    over: timedelta = timedelta(0),
    warning: bool = False,
    by: str = "kubelet",
    path: str = "",
) -> Json:
    """An Event about an object, seen `count` times in the span `over` that ended at `last`."""
    meta = about["metadata"]
    namespace = meta.get("namespace", "default")
    involved = {"apiVersion": about["apiVersion"], "kind": about["kind"], "name": meta["name"]}
    if "namespace" in meta:
        involved |= {"namespace": meta["namespace"], "resourceVersion": meta["resourceVersion"]}
    # The kubelet names a node by its name where everyone else gives a uid.
    involved["uid"] = meta["name"] if about["kind"] == "Node" and by == "kubelet" else meta["uid"]
    source = {"component": by}
    if by == "kubelet":
        source["host"] = about.get("spec", {}).get("nodeName", meta["name"])
    name = f"{meta['name']}.{uid(reason, message, meta['name']).replace('-', '')[:16]}"
    return {
        "apiVersion": "v1",
        "count": count,
        "eventTime": None,
        "firstTimestamp": stamp(last - over),
        "involvedObject": {**involved, "fieldPath": path} if path else involved,
        "kind": "Event",
        "lastTimestamp": stamp(last),
        "message": message,
        "metadata": metadata("Event", name, namespace, last - over),
        "reason": reason,
        "reportingComponent": by,
        "reportingInstance": source.get("host", ""),
        "source": source,
        "type": "Warning" if warning else "Normal",
    }


def scheduler_event(pod: Json, message: str, *, last: datetime, count: int, over: timedelta) -> Json:
    """FailedScheduling as the scheduler writes it: in the newer form, its times in eventTime and series."""
    record = event(pod, "FailedScheduling", message, last=last, over=over, warning=True, by="default-scheduler")
    del record["count"]
    first = precise(last - over)
    return {
        **record,
        "action": "Scheduling",
        "eventTime": first,
        "firstTimestamp": None,
        "lastTimestamp": None,
        "series": {"count": count, "lastObservedTime": precise(last)},
    }

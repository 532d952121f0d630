"""Workloads, Services, claims and nodes as `kubectl describe` prints them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from tocsin.investigation.diagnosis.transcripts.outline import Entry
from tocsin.investigation.diagnosis.transcripts.pods import pod, template
from tocsin.investigation.diagnosis.transcripts.tables import rows
from tocsin.investigation.diagnosis.transcripts.times import stamp
from tocsin.investigation.diagnosis.transcripts.transcript import Document, first, made, owner, slim

_COUNT = re.compile(r"(\d{1,9}) (desired|updated|total|available|unavailable|current)")
_STATES = re.compile(r"(\d{1,9}) (Active|Succeeded|Failed)")
_PORT = re.compile(r"(?P<name>\S+)\s+(?P<port>\d{1,5})/(?P<protocol>\w+)")
_ENDPOINT = re.compile(r"[^,]*:(\d{1,5})(?:,|\s|$)")
_TAINT = re.compile(r"(?P<key>[^\s:=]+)(?:=(?P<value>[^\s:]*))?:(?P<effect>\w+)")


def _metadata(entry: Entry) -> Document:
    return slim(
        {
            "creationTimestamp": stamp(entry.told("CreationTimestamp")),
            "labels": entry.pairs("Labels"),
            "annotations": entry.pairs("Annotations", ": "),
            "ownerReferences": owner(entry.told("Controlled By")),
        }
    )


def _object(kind: str, entry: Entry, **parts: Any) -> Document:
    metadata = {**_metadata(entry), **parts.pop("metadata", {})}
    return made(kind, entry.told("Name"), entry.told("Namespace"), metadata=metadata, **parts)


def _counts(entry: Entry) -> Mapping[str, int]:
    return {word: int(count) for count, word in _COUNT.findall(entry.told("Replicas"))}


def _workload(kind: str) -> Callable[[Entry], Document]:
    """Read a kind whose state is not printed but by the phases of its pods."""

    def read(entry: Entry) -> Document:
        selector = {"matchLabels": entry.pairs("Selector")}
        spec = {"replicas": _counts(entry).get("desired"), "selector": selector, "template": template(entry)}
        return _object(kind, entry, spec=spec)

    return read


def _deployment(entry: Entry) -> Document:
    count = _counts(entry)
    status: Document = {
        "replicas": count.get("total"),
        "updatedReplicas": count.get("updated"),
        "availableReplicas": count.get("available"),
        # How many are ready is not printed; those that are available are.
        "readyReplicas": count.get("available"),
        "unavailableReplicas": count.get("unavailable"),
        "conditions": list(_conditions(entry)),
    }
    spec = {
        "replicas": count.get("desired"),
        "selector": {"matchLabels": entry.pairs("Selector")},
        "strategy": {"type": entry.told("StrategyType")},
        "template": template(entry),
    }
    return _object("Deployment", entry, spec=spec, status=status)


def _daemon_set(entry: Entry) -> Document:
    available = entry.number("Number of Nodes Scheduled with Available Pods")
    status: Document = {
        "desiredNumberScheduled": entry.number("Desired Number of Nodes Scheduled"),
        "currentNumberScheduled": entry.number("Current Number of Nodes Scheduled"),
        "updatedNumberScheduled": entry.number("Number of Nodes Scheduled with Up-to-date Pods"),
        "numberAvailable": available,
        "numberReady": available,
        "numberMisscheduled": entry.number("Number of Nodes Misscheduled"),
    }
    spec = {"selector": {"matchLabels": entry.pairs("Selector")}, "template": template(entry)}
    return _object("DaemonSet", entry, spec=spec, status=status)


def _job(entry: Entry) -> Document:
    states = {name.lower(): int(count) for count, name in _STATES.findall(entry.told("Pods Statuses"))}
    times = {"startTime": stamp(entry.told("Start Time")), "completionTime": stamp(entry.told("Completed At"))}
    spec: Document = {
        "parallelism": entry.number("Parallelism"),
        "completions": entry.number("Completions"),
        "backoffLimit": entry.number("Backoff Limit"),
        "activeDeadlineSeconds": entry.number("Active Deadline Seconds"),
        "selector": {"matchLabels": entry.pairs("Selector")},
        "template": template(entry),
    }
    return _object("Job", entry, spec=spec, status={**states, **times})


def _cron_job(entry: Entry) -> Document:
    suspended = {"True": True, "False": False}.get(entry.told("Suspend"))
    spec = {
        "schedule": entry.told("Schedule"),
        "concurrencyPolicy": entry.told("Concurrency Policy"),
        "suspend": suspended,
    }
    return _object("CronJob", entry, spec=spec, status={"lastScheduleTime": stamp(entry.told("Last Schedule Time"))})


def _service(entry: Entry) -> Document:
    """Ports are printed one below the other: Port, TargetPort, NodePort, Endpoints, and again.

    Pods are often printed without the names of their ports, so for a target given by name its endpoints tell the number.
    """
    ports = list[Document]()
    for child in entry.children:
        if child.key == "Port" and (found := _PORT.match(child.text.partition(":")[2].strip())):
            name = "" if found["name"] == "<unset>" else found["name"]
            ports.append(slim({"name": name, "port": int(found["port"]), "protocol": found["protocol"]}))
        elif child.key == "TargetPort" and ports and child.value:
            target = child.value.partition("/")[0]
            ports[-1]["targetPort"] = int(target) if target.isdecimal() and len(target) < 6 else target
        elif child.key == "Endpoints" and ports and (reached := _ENDPOINT.match(child.value)):
            ports[-1]["targetPort"] = int(reached[1])
    spec = {
        "type": entry.told("Type"),
        "clusterIP": entry.told("IP"),
        "selector": entry.pairs("Selector"),
        "ports": ports,
        "externalName": entry.told("External Name"),
    }
    return _object("Service", entry, spec=spec)


def _claim(entry: Entry) -> Document:
    spec = {
        "storageClassName": entry.told("StorageClass"),
        "volumeName": entry.told("Volume"),
        "volumeMode": entry.told("VolumeMode"),
    }
    status = {"phase": first(entry.told("Status").split()), "capacity": slim({"storage": entry.told("Capacity")})}
    return _object("PersistentVolumeClaim", entry, spec=spec, status=status)


def _volume(entry: Entry) -> Document:
    namespace, _, name = entry.told("Claim").partition("/")
    spec = {
        "storageClassName": entry.told("StorageClass"),
        "persistentVolumeReclaimPolicy": entry.told("Reclaim Policy"),
        "claimRef": {"namespace": namespace, "name": name},
        "capacity": {"storage": entry.told("Capacity")},
    }
    return _object("PersistentVolume", entry, spec=spec, status={"phase": first(entry.told("Status").split())})


def _autoscaler(entry: Entry) -> Document:
    kind, _, name = entry.told("Reference").partition("/")
    pods = re.search(r"(\d{1,9}) current / (\d{1,9}) desired", entry.told(f"{kind} pods"))
    spec = {
        "scaleTargetRef": {"kind": kind, "name": name},
        "minReplicas": entry.number("Min replicas"),
        "maxReplicas": entry.number("Max replicas"),
    }
    status: Document = {"conditions": list(_conditions(entry))}
    if pods:
        status |= {"currentReplicas": int(pods[1]), "desiredReplicas": int(pods[2])}
    return _object("HorizontalPodAutoscaler", entry, spec=spec, status=status)


def _node(entry: Entry) -> Document:
    taints = [found.groupdict() for line in entry.listed("Taints") if (found := _TAINT.fullmatch(line))]
    spec: Document = {
        "taints": [slim(taint) for taint in taints],
        "unschedulable": True if entry.told("Unschedulable") == "true" else None,
        "providerID": entry.told("ProviderID"),
    }
    addresses = [{"type": kind, "address": address} for kind, address in entry.values("Addresses").items()]
    info = entry.get("System Info")
    versions = {"kubeletVersion": "Kubelet Version", "containerRuntimeVersion": "Container Runtime Version"}
    status: Document = {
        "conditions": list(_conditions(entry)),
        "addresses": addresses,
        "capacity": entry.values("Capacity"),
        "allocatable": entry.values("Allocatable"),
        "nodeInfo": {field: info.told(key) for field, key in versions.items()} if info else {},
    }
    return _object("Node", entry, spec=spec, status=status)


def _conditions(entry: Entry) -> Iterator[Document]:
    """Yield the rows of a table of conditions; its columns are named in its first line."""
    held = entry.get("Conditions")
    lines = [child.text for child in held.children] if held else []
    for row in rows(lines[0], lines[1:]) if lines else ():
        if row.get("Status") in ("True", "False", "Unknown"):
            yield slim(
                {
                    "type": row.get("Type"),
                    "status": row["Status"],
                    "reason": row.get("Reason"),
                    "message": row.get("Message"),
                    "lastHeartbeatTime": stamp(row.get("LastHeartbeatTime", "")),
                    "lastTransitionTime": stamp(row.get("LastTransitionTime", "")),
                }
            )


def _custom(entry: Entry) -> Document:
    """Any other object: kubectl prints all of it, with its field names changed; only what names it is read."""
    return _object(entry.told("Kind"), entry, apiVersion=entry.told("API Version"))


# The first kind of whose keys all are there; kubectl prints the kind of custom objects only.
_KINDS: tuple[tuple[frozenset[str], Callable[[Entry], Document]], ...] = tuple(
    (frozenset(keys), read)
    for keys, read in (
        (("API Version", "Kind"), _custom),
        (("StrategyType", "Replicas"), _deployment),
        (("Desired Number of Nodes Scheduled",), _daemon_set),
        (("Schedule", "Concurrency Policy"), _cron_job),
        (("Parallelism", "Pods Statuses"), _job),
        (("Replicas", "Pods Status", "Update Strategy"), _workload("StatefulSet")),
        (("Replicas", "Pods Status", "Volume Claims"), _workload("StatefulSet")),
        (("Replicas", "Pods Status", "Pod Template"), _workload("ReplicaSet")),
        (("System Info", "Allocatable"), _node),
        (("Reclaim Policy", "Claim"), _volume),
        (("StorageClass", "Access Modes"), _claim),
        (("Reference", "Min replicas"), _autoscaler),
        (("Selector", "Endpoints", "Session Affinity"), _service),
    )
)


def described(entry: Entry, now: datetime | None) -> Document | None:
    """Return the object that an outline describes, None when its kind cannot be told. `now` is when it was printed."""
    keys = {child.key for child in entry.children}
    if not entry.told("Name"):
        return None
    if "Containers" in keys and "Node" in keys:
        return pod(entry, now)
    read = next((read for needed, read in _KINDS if needed <= keys), None)
    return read(entry) if read else None

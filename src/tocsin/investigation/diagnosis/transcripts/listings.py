"""`kubectl get` and `kubectl top`: one object, event or measurement a line."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.transcripts.tables import Row, aligned, headings, rows
from tocsin.investigation.diagnosis.transcripts.times import ago
from tocsin.investigation.diagnosis.transcripts.transcript import Document, Transcript, event, made, slim

_READY = re.compile(r"(\d{1,9})/(\d{1,9})")
_NUMBER = re.compile(r"\d{1,9}")
_PORT = re.compile(r"(\d{1,5})(?::\d+)?/([A-Z]+)")
# Words in the column STATUS of a pod that are not the reason of a container.
_PHASES = {
    "Running": "Running",
    "Pending": "Pending",
    "Succeeded": "Succeeded",
    "Failed": "Failed",
    "Unknown": "Unknown",
    "Completed": "Succeeded",
}
_WAITING = re.compile(
    r".*BackOff|.*Image.*|.*Config.*|Create.*Error|RunContainerError|ContainerCreating|PodInitializing|StartError"
)
_ENDED = re.compile(r"Error|OOMKilled|ContainerCannotRun|DeadlineExceeded|(?:ExitCode|Signal):\d+")
# Kinds as events and `kubectl get all` name them.
_KINDS = {
    kind.lower(): kind
    for kind in (
        "Pod", "Node", "Service", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "Ingress",
        "PersistentVolumeClaim", "PersistentVolume", "HorizontalPodAutoscaler", "Namespace", "ConfigMap", "Secret",
        "Endpoints", "EndpointSlice", "ReplicationController", "PodDisruptionBudget", "ServiceAccount",
    )
}  # fmt: skip
_PLACELESS = frozenset({"Node", "Namespace", "PersistentVolume"})


def read_listing(text: str, now: datetime | None, namespace: str = "") -> Transcript | None:
    """Read tables of `kubectl get` or `kubectl top`; None for what begins with no table.

    `namespace` is that of the command, for tables without a column of it. `now` is when it was printed.
    """
    found = Transcript("kubectl get")
    for index, block in enumerate(re.split(r"\n\s*\n", text.expandtabs().strip("\n"))):
        header, *lines = block.splitlines() or [""]
        names = headings(header).keys()
        read = next((read for needed, read in _TABLES if needed <= names), None)
        if index == 0 and not (read or names >= _EVENTS or names >= _TOP):
            return None
        for row in rows(header, (line for line in lines if aligned(header, line))):
            place = row.get("NAMESPACE", namespace)
            if names >= _EVENTS:
                found.events += _event(row, place, now)
            elif names >= _TOP:
                found.metrics += _measured(row, place)
            elif read and "NAME" in row:
                found.objects.append(read(row, place, now))
    return None if found.empty else found


def listed(kind: str, row: Row, namespace: str, now: datetime | None) -> Document:
    """Return what a line of a listing tells of an object of this kind."""
    read = _BY_KIND.get(kind)
    return read(row, namespace, now) if read else _object(kind, row, (namespace, now))


_Reader = Callable[[Row, str, datetime | None], Document]


def _metadata(row: Row, namespace: str, now: datetime | None) -> Document:
    labels = dict(pair.split("=", 1) for pair in row.get("LABELS", "").split(",") if "=" in pair)
    return {"namespace": namespace, "creationTimestamp": ago(row.get("AGE", ""), now), "labels": labels}


def _object(kind: str, row: Row, place: tuple[str, datetime | None], **parts: Document) -> Document:
    namespace, now = place
    name = row.get("NAME", "").rpartition("/")[2]
    scope = "" if kind in _PLACELESS else namespace
    return made(kind, name, scope, metadata=_metadata(row, scope, now), **parts)


def _pod(row: Row, namespace: str, now: datetime | None) -> Document:
    ready, restarts = _READY.fullmatch(row.get("READY", "")), _count(row.get("RESTARTS", ""))
    told, phase = row.get("STATUS", ""), _PHASES.get(row.get("STATUS", ""), "")
    status: Document = {"phase": phase or _phase(told), "podIP": row.get("IP")}
    if ready:
        status["conditions"] = [{"type": "Ready", "status": str(ready[1] == ready[2])}]
        if ready[2] == "1":
            # The only container: its name is not printed.
            status["containerStatuses"] = [
                {**slim({"ready": ready[1] == "1", "restartCount": restarts}), **_state(told)}
            ]
    if told == "Evicted":
        status["reason"] = told
    return _object("Pod", row, (namespace, now), spec=slim({"nodeName": row.get("NODE")}), status=slim(status))


def _phase(told: str) -> str:
    if told.startswith("Init:") or told in ("ContainerCreating", "PodInitializing"):
        return "Pending"
    return "Failed" if told == "Evicted" else ""


def _state(told: str) -> Document:
    if told == "Running":
        return {"state": {"running": {}}}
    if _WAITING.fullmatch(told):
        return {"state": {"waiting": {"reason": told}}}
    return {"state": {"terminated": {"reason": told}}} if _ENDED.fullmatch(told) or told == "Completed" else {}


def _count(text: str) -> int | None:
    found = _NUMBER.match(text)
    return int(found[0]) if found else None


def _workload(kind: str) -> _Reader:
    """Read what prints READY as "1/2", or DESIRED and READY."""

    def read(row: Row, namespace: str, now: datetime | None) -> Document:
        counts = _READY.fullmatch(row.get("READY", ""))
        wanted = int(counts[2]) if counts else _count(row.get("DESIRED", ""))
        ready = int(counts[1]) if counts else _count(row.get("READY", ""))
        if kind == "DaemonSet":
            return _object(kind, row, (namespace, now), status={"desiredNumberScheduled": wanted, "numberReady": ready})
        status = {
            "readyReplicas": ready,
            "replicas": _count(row.get("CURRENT", "")),
            "updatedReplicas": _count(row.get("UP-TO-DATE", "")),
            "availableReplicas": _count(row.get("AVAILABLE", "")),
        }
        return _object(kind, row, (namespace, now), spec={"replicas": wanted}, status=status)

    return read


def _job(row: Row, namespace: str, now: datetime | None) -> Document:
    done = _READY.fullmatch(row.get("COMPLETIONS", ""))
    status: Document = {"succeeded": int(done[1])} if done else {}
    if row.get("STATUS") == "Failed":
        status["conditions"] = [{"type": "Failed", "status": "True"}]
    spec = {"completions": int(done[2])} if done else {}
    return _object("Job", row, (namespace, now), spec=spec, status=status)


def _service(row: Row, namespace: str, now: datetime | None) -> Document:
    ports = [{"port": int(port), "protocol": protocol} for port, protocol in _PORT.findall(row.get("PORT(S)", ""))]
    selector = dict(pair.split("=", 1) for pair in row.get("SELECTOR", "").split(",") if "=" in pair)
    spec = {"type": row.get("TYPE"), "clusterIP": row.get("CLUSTER-IP"), "ports": ports, "selector": selector}
    return _object("Service", row, (namespace, now), spec=spec)


def _node(row: Row, namespace: str, now: datetime | None) -> Document:
    words = row.get("STATUS", "").split(",")
    ready = {"Ready": "True", "NotReady": "False", "Unknown": "Unknown"}.get(words[0])
    status = {
        "conditions": [{"type": "Ready", "status": ready}] if ready else [],
        "nodeInfo": {"kubeletVersion": row.get("VERSION")},
    }
    spec = {"unschedulable": True if "SchedulingDisabled" in words else None}
    return _object("Node", row, (namespace, now), spec=spec, status=status)


def _claim(row: Row, namespace: str, now: datetime | None) -> Document:
    spec = {"volumeName": row.get("VOLUME"), "storageClassName": row.get("STORAGECLASS")}
    return _object("PersistentVolumeClaim", row, (namespace, now), spec=spec, status={"phase": row.get("STATUS")})


def _volume(row: Row, namespace: str, now: datetime | None) -> Document:
    claimed, _, name = row.get("CLAIM", "").partition("/")
    spec = {
        "claimRef": {"namespace": claimed, "name": name},
        "storageClassName": row.get("STORAGECLASS"),
        "capacity": {"storage": row.get("CAPACITY")},
        "persistentVolumeReclaimPolicy": row.get("RECLAIM POLICY"),
    }
    return _object("PersistentVolume", row, (namespace, now), spec=spec, status={"phase": row.get("STATUS")})


def _autoscaler(row: Row, namespace: str, now: datetime | None) -> Document:
    kind, _, name = row.get("REFERENCE", "").partition("/")
    spec = {
        "scaleTargetRef": {"kind": kind, "name": name},
        "minReplicas": _count(row.get("MINPODS", "")),
        "maxReplicas": _count(row.get("MAXPODS", "")),
    }
    status = {"currentReplicas": _count(row.get("REPLICAS", ""))}
    return _object("HorizontalPodAutoscaler", row, (namespace, now), spec=spec, status=status)


def _event(row: Row, namespace: str, now: datetime | None) -> list[Document]:
    """Return the event of a line; none for one that is cut off before it says what it is about."""
    kind, _, name = row.get("OBJECT", "").partition("/")
    if not name:
        return []
    named = _KINDS.get(kind.lower(), kind)
    told = event(
        made(named, name, "" if named in _PLACELESS else namespace),
        type=row.get("TYPE"),
        reason=row.get("REASON"),
        message=row.get("MESSAGE"),
        count=_count(row.get("COUNT", "")),
        source={"component": row.get("SOURCE", "").partition(",")[0]},
        firstTimestamp=ago(row.get("FIRST SEEN", ""), now),
        lastTimestamp=ago(row.get("LAST SEEN", ""), now),
    )
    return [told]


def _by_name(row: Row, namespace: str, now: datetime | None) -> Document:
    """Read a line of a kind that its name tells ("statefulset.apps/db"), or of StatefulSets, which look like it."""
    kind = row["NAME"].rpartition("/")[0].partition(".")[0]
    return listed(_KINDS.get(kind, "StatefulSet"), row, namespace, now)


def _measured(row: Row, namespace: str) -> list[Document]:
    """Return what `kubectl top` tells of a pod or node: CPU in cores, memory in bytes."""
    is_node = any(heading.startswith(("CPU%", "CPU(%)")) for heading in row)
    kind, name = ("Node", row.get("NAME", "")) if is_node else ("Pod", row.get("POD") or row.get("NAME", ""))
    about = slim({"kind": kind, "namespace": "" if is_node else namespace, "name": name})
    labels = {"container": row.get("NAME")} if "POD" in row else {}
    scope = "container" if labels else kind.lower()
    amounts = (("cpu_usage", "CPU(cores)", "cores"), ("memory_working_set", "MEMORY(bytes)", "bytes"))
    return [
        slim({"name": f"{scope}_{measure}", "value": float(value), "unit": unit, "about": about, "labels": labels})
        for measure, heading, unit in amounts
        if (value := parse_quantity(row.get(heading))) is not None
    ]


_EVENTS = frozenset({"LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"})
_TOP = frozenset({"NAME", "CPU(cores)", "MEMORY(bytes)"})
_BY_KIND: Mapping[str, _Reader] = {
    "Pod": _pod,
    "Deployment": _workload("Deployment"),
    "ReplicaSet": _workload("ReplicaSet"),
    "StatefulSet": _workload("StatefulSet"),
    "DaemonSet": _workload("DaemonSet"),
    "Job": _job,
    "Service": _service,
    "Node": _node,
    "PersistentVolumeClaim": _claim,
    "PersistentVolume": _volume,
    "HorizontalPodAutoscaler": _autoscaler,
}
# The first kind whose headings all are there.
_TABLES: tuple[tuple[frozenset[str], _Reader], ...] = tuple(
    (frozenset(needed.split(",")), read)
    for needed, read in (
        ("NAME,READY,STATUS,RESTARTS,AGE", _pod),
        ("NAME,READY,UP-TO-DATE,AVAILABLE,DESIRED", _BY_KIND["DaemonSet"]),
        ("NAME,READY,UP-TO-DATE,AVAILABLE", _BY_KIND["Deployment"]),
        ("NAME,DESIRED,CURRENT,READY", _BY_KIND["ReplicaSet"]),
        ("NAME,COMPLETIONS,DURATION", _job),
        ("NAME,TYPE,CLUSTER-IP,PORT(S)", _service),
        ("NAME,STATUS,ROLES,VERSION", _node),
        ("NAME,STATUS,VOLUME,ACCESS MODES,STORAGECLASS", _claim),
        ("NAME,CAPACITY,RECLAIM POLICY,CLAIM", _volume),
        ("NAME,REFERENCE,MINPODS,MAXPODS", _autoscaler),
        ("NAME,READY,AGE", _by_name),
    )
)

"""Small worlds for tests: `scene(pod("cart", …), service("cart"))` is a snapshot that reads as what is in it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.investigation.diagnosis import Snapshot, parse_snapshot
from tocsin.investigation.diagnosis.cause import Cause, Finding
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.topology import Topology
from tocsin.investigation.diagnosis.world import World

NAMESPACE = "shop"
NOW = "2026-03-01T12:00:00Z"
BEFORE = "2026-03-01T11:59:00Z"

Document = dict[str, Any]
Container = tuple[Document, Document]


def scene(*objects: Document, **sections: Any) -> bytes:
    """Return a snapshot document; events may stand among the objects."""
    events = [item for item in objects if item["kind"] == "Event"]
    held = [item for item in objects if item["kind"] != "Event"]
    document = {
        "format": "tocsin-snapshot/1",
        "captured_at": NOW,
        "namespace": NAMESPACE,
        "objects": held,
        "events": events,
    }
    return json.dumps(document | sections).encode()


def snapshot(*objects: Document, **sections: Any) -> Snapshot:
    """Return the parsed snapshot of a scene."""
    return parse_snapshot(scene(*objects, **sections))


def world(*objects: Document, **sections: Any) -> World:
    """Return a scene as a cause sees it."""
    return seen(scene(*objects, **sections))


def seen(document: bytes) -> World:
    """Return a document as a cause sees it."""
    inventory = Inventory(parse_snapshot(document))
    return World(inventory, Topology(inventory))


def look(cause: Cause, document: bytes) -> list[Finding]:
    """Ask one cause about a document."""
    return list(cause.look(seen(document)))


def container(
    name: str = "app", *, ready: bool = True, restarts: int = 0, state: Document | None = None, **spec: Any
) -> Container:
    """Return the specification and the status of a container."""
    status = {"name": name, "ready": ready, "restartCount": restarts, "state": state or {"running": {}}}
    return {"name": name, "image": "registry.example/cart:1", **spec}, status


def waiting(reason: str, message: str = "", name: str = "app", **spec: Any) -> Container:
    """Return a container that is not started."""
    return container(name, ready=False, state={"waiting": {"reason": reason, "message": message}}, **spec)


def exited(reason: str, code: int, name: str = "app", **spec: Any) -> Container:
    """Return a container that waits for its next start after it ended."""
    made = waiting("CrashLoopBackOff", name=name, **spec)
    made[1]["restartCount"] = 7
    made[1]["lastState"] = {"terminated": {"reason": reason, "exitCode": code, "finishedAt": BEFORE}}
    return made


def pod(
    app: str = "cart", *containers: Container, node: str = "worker-1", phase: str = "Running", **spec: Any
) -> Document:
    """Return a pod of a Deployment; it is ready when its containers are and it has a node."""
    held = containers or (container(),)
    ready = bool(node) and phase == "Running" and all(status["ready"] for _, status in held)
    conditions = [{"type": "Ready", "status": str(ready)}]
    if not node:
        conditions.append(
            {
                "type": "PodScheduled",
                "status": "False",
                "reason": "Unschedulable",
                "message": spec.pop("unscheduled", ""),
            }
        )
    made = meta("Pod", f"{app}-7f9c4d-x2x1q", labels={"app": app})
    made["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "name": f"{app}-7f9c4d", "controller": True}]
    made["spec"] = (
        {"nodeName": node, "containers": [item for item, _ in held], **spec}
        if node
        else {"containers": [i for i, _ in held], **spec}
    )
    statuses = [status for _, status in held] if node else []
    made["status"] = {"phase": phase if node else "Pending", "conditions": conditions, "containerStatuses": statuses}
    return made


def initial(made: Document, *containers: Container) -> Document:
    """Give a pod init containers; it is not ready while it waits for them."""
    made["spec"]["initContainers"] = [item for item, _ in containers]
    made["status"]["initContainerStatuses"] = [status for _, status in containers]
    return made


def deployment(
    name: str = "cart", *, replicas: int = 1, ready: int | None = None, containers: Sequence[Document] = (), **spec: Any
) -> Document:
    """Return a Deployment; all its replicas are ready unless told otherwise."""
    held = list(containers) or [{"name": "app", "image": "registry.example/cart:1"}]
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": held, **spec}}
    made = meta("Deployment", name)
    made["spec"] = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    made["status"] = {"replicas": replicas, "readyReplicas": replicas if ready is None else ready}
    return made


def replicaset(
    app: str = "cart", *, revision: int = 1, made_at: str = BEFORE, replicas: int = 1, **template: Any
) -> Document:
    """Return a ReplicaSet of a Deployment that still lacks its pods."""
    made = meta("ReplicaSet", f"{app}-7f9c4{revision}", created=made_at)
    made["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": str(revision)}
    made["metadata"]["ownerReferences"] = [{"kind": "Deployment", "name": app, "controller": True}]
    made["spec"] = {"replicas": replicas, "template": {"spec": template}}
    made["status"] = {"replicas": 0}
    return made


def service(
    name: str = "cart", *, selector: Mapping[str, str] | None = None, port: int = 80, target: int | str = 8080
) -> Document:
    """Return a Service with one port that selects the pods of the same name."""
    made = meta("Service", name)
    made["spec"] = {"selector": selector or {"app": name}, "ports": [{"port": port, "targetPort": target}]}
    return made


def node(name: str = "worker-1", *, labels: Mapping[str, str] | None = None, **spec: Any) -> Document:
    """Return a node that is ready."""
    made = meta("Node", name, labels=dict(labels or {}))
    made["spec"] = spec
    made["status"] = {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]}
    return made


def condition(kind: str, status: str = "True", reason: str = "", message: str = "") -> Document:
    """Return one entry of an object's status conditions."""
    return {"type": kind, "status": status, "reason": reason, "message": message}


def ill(name: str = "worker-1", *conditions: Document, **spec: Any) -> Document:
    """Return a node that reports these conditions; it is ready unless one of them says otherwise."""
    made = node(name, **spec)
    if any(held["type"] == "Ready" for held in conditions):
        made["status"]["conditions"].clear()
    made["status"]["conditions"].extend(conditions)
    return made


def job(name: str = "report", *conditions: Document, owner: str = "", created: str = BEFORE, **spec: Any) -> Document:
    """Return a Job, of a CronJob if `owner` names one."""
    made = meta("Job", name, created=created)
    if owner:
        made["metadata"]["ownerReferences"] = [{"kind": "CronJob", "name": owner, "controller": True}]
    made["spec"] = {
        "template": {"spec": {"containers": [{"name": "app", "image": "registry.example/report:1"}]}},
        **spec,
    }
    made["status"] = {"conditions": list(conditions), "succeeded": 0}
    return made


def cronjob(name: str = "report", *, active: Sequence[str] = (), **spec: Any) -> Document:
    """Return a CronJob that runs at each full hour; `active` names its Jobs that still run."""
    made = meta("CronJob", name)
    made["spec"] = {"schedule": "0 * * * *", "jobTemplate": {"spec": {}}, **spec}
    made["status"] = {"active": [{"kind": "Job", "name": held} for held in active]}
    return made


def autoscaler(name: str = "cart", *conditions: Document, target: str = "cart", now: int = 2, **spec: Any) -> Document:
    """Return a HorizontalPodAutoscaler of a Deployment, for 1 to 5 replicas at 80 % of the requested CPU."""
    made = meta("HorizontalPodAutoscaler", name)
    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}
    bounds = {"minReplicas": 1, "maxReplicas": 5, "metrics": [cpu]}
    made["spec"] = {"scaleTargetRef": {"kind": "Deployment", "name": target}, **bounds, **spec}
    made["status"] = {"currentReplicas": now, "desiredReplicas": now, "conditions": list(conditions)}
    return made


def statefulset(name: str = "db", *, replicas: int = 1, ready: int | None = None, **spec: Any) -> Document:
    """Return a StatefulSet whose replicas are all ready and of one revision, unless told otherwise."""
    made = deployment(name, replicas=replicas, ready=ready)
    made["kind"] = "StatefulSet"
    made["spec"] |= spec
    made["status"] |= {"currentRevision": f"{name}-1", "updateRevision": f"{name}-1"}
    return made


def member(
    owner: Document, ordinal: int, *containers: Container, revision: str = "", node: str = "worker-1"
) -> Document:
    """Return a pod of a StatefulSet or DaemonSet; `revision` is of which revision it was made."""
    name = owner["metadata"]["name"]
    made = pod(name, *containers, node=node)
    labels = {"app": name, "controller-revision-hash": revision or f"{name}-1"}
    owners = [{"kind": owner["kind"], "name": name, "controller": True}]
    made["metadata"] |= {"name": f"{name}-{ordinal}", "labels": labels, "ownerReferences": owners}
    return made


def daemonset(name: str = "agent", *, desired: int = 2, ready: int | None = None, **status: int) -> Document:
    """Return a DaemonSet that is on all the nodes where it should be, unless told otherwise."""
    made = deployment(name)
    made["kind"] = "DaemonSet"
    del made["spec"]["replicas"]
    counts = {"desiredNumberScheduled": desired, "currentNumberScheduled": desired, "updatedNumberScheduled": desired}
    made["status"] = counts | {"numberReady": desired if ready is None else ready, "numberMisscheduled": 0} | status
    return made


def claim(
    name: str = "data",
    *,
    storage_class: str = "fast",
    modes: Sequence[str] = ("ReadWriteOnce",),
    phase: str = "Pending",
) -> Document:
    """Return a claim for one gibibyte."""
    made = meta("PersistentVolumeClaim", name)
    requests = {"requests": {"storage": "1Gi"}}
    made["spec"] = {"storageClassName": storage_class, "accessModes": list(modes), "resources": requests}
    made["status"] = {"phase": phase}
    return made


def quota(name: str = "team", *, hard: Mapping[str, str], used: Mapping[str, str]) -> Document:
    """Return a quota with what is used of it."""
    return meta("ResourceQuota", name) | {
        "spec": {"hard": dict(hard)},
        "status": {"hard": dict(hard), "used": dict(used)},
    }


def meta(kind: str, name: str, *, labels: Mapping[str, str] | None = None, created: str = BEFORE) -> Document:
    """Return an object with nothing but its metadata."""
    scope = {} if kind in ("Node", "PersistentVolume", "StorageClass") else {"namespace": NAMESPACE}
    return {
        "kind": kind,
        "metadata": {"name": name, **scope, "labels": dict(labels or {}), "creationTimestamp": created},
    }


def within(namespace: str, made: Document) -> Document:
    """Return the object as it would be in another namespace; "" for what belongs to the whole cluster."""
    metadata = {key: value for key, value in made["metadata"].items() if key != "namespace"}
    return made | {"metadata": metadata | ({"namespace": namespace} if namespace else {})}


def event(about: Document, reason: str, message: str, *, at: str = BEFORE) -> Document:
    """Return a warning about an object."""
    subject = {"kind": about["kind"], "namespace": NAMESPACE, "name": about["metadata"]["name"]}
    name = f"{subject['name']}.{abs(hash_of(reason + message)):x}"
    made = {"kind": "Event", "metadata": {"name": name, "namespace": NAMESPACE}, "involvedObject": subject}
    return made | {"type": "Warning", "reason": reason, "message": message, "firstTimestamp": at, "lastTimestamp": at}


def hash_of(text: str) -> int:
    """Return a small number for a text, the same in every process."""
    return sum(place * ord(letter) for place, letter in enumerate(text, 1))


def logs(made: Document, *lines: str, name: str = "app", run: str = "previous") -> Document:
    """Return a `logs` section with the lines of one container."""
    return {f"{NAMESPACE}/{made['metadata']['name']}/{name}": {run: "\n".join(lines)}}

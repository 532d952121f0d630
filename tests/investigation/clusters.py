"""Whole clusters in good health for tests: nodes, workloads, network, storage and logs, to be changed in one respect."""

import json
import zlib
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.investigation.worlds import NAMESPACE, NOW, Document

SYSTEM = "kube-system"
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_CLUSTER_SCOPED = ("Node", "PersistentVolume", "StorageClass", "Namespace", "PriorityClass", "IngressClass")
_GROUPS = {
    "Deployment": "apps/v1",
    "ReplicaSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "EndpointSlice": "discovery.k8s.io/v1",
    "Ingress": "networking.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "PodDisruptionBudget": "policy/v1",
    "StorageClass": "storage.k8s.io/v1",
}


def ago(**span: float) -> str:
    """Return a time before the snapshot was taken, as Kubernetes writes it: `ago(minutes=5)`."""
    return f"{datetime.fromisoformat(NOW) - timedelta(**span):%Y-%m-%dT%H:%M:%SZ}"


def scramble(text: str, length: int) -> str:
    """Return letters as Kubernetes generates them for names, always the same for a text."""
    number, made = zlib.crc32(text.encode()) * 2654435761 + 12345, ""
    for _ in range(length):
        number, rest = divmod(number, len(_LETTERS))
        made += _LETTERS[rest]
    return made


def resource(kind: str, name: str, *, namespace: str = NAMESPACE, since: str = "", **parts: Any) -> Document:
    """Return an object with the metadata that every stored object has."""
    scope = {} if kind in _CLUSTER_SCOPED else {"namespace": namespace}
    uid = f"{zlib.crc32(f'{kind}/{name}'.encode()):08x}-5c1d-4e3f-9a2b-{zlib.crc32(name.encode()):012x}"
    metadata = {"name": name, **scope, "uid": uid, "creationTimestamp": since or ago(days=40), "labels": {}}
    return {"apiVersion": _GROUPS.get(kind, "v1"), "kind": kind, "metadata": metadata, **parts}


def owned(made: Document, owner: Document) -> Document:
    """Return an object with a reference to its controller."""
    named = {"kind": owner["kind"], "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"]}
    made["metadata"]["ownerReferences"] = [
        {"apiVersion": owner["apiVersion"], **named, "controller": True, "blockOwnerDeletion": True}
    ]
    return made


def told(**conditions: str) -> list[Document]:
    """Return status conditions by type, each true or false since long."""
    return [{"type": kind, "status": status, "lastTransitionTime": ago(days=3)} for kind, status in conditions.items()]


def program(name: str, *, port: int = 8080, calls: tuple[str, ...] = (), **spec: Any) -> Document:
    """Return a container as people write it: ports, probes, addresses of what it calls, requests and limits."""
    addresses = [{"name": f"{callee.upper()}_URL", "value": f"http://{callee}:80"} for callee in calls]
    probe = {"httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"}, "timeoutSeconds": 1}
    timing = {"periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
    return {
        "name": name,
        "image": f"registry.example/library/{name}:2.4.1",
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"name": "http", "containerPort": port, "protocol": "TCP"}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "PORT", "value": str(port)}, *addresses],
        "resources": {
            "requests": {"cpu": "100m", "memory": "128Mi"},
            "limits": {"cpu": "500m", "memory": "256Mi"},
        },
        "readinessProbe": {**probe, **timing},
        "livenessProbe": {**probe, **timing, "initialDelaySeconds": 15},
        "terminationMessagePath": "/dev/termination-log",
        **spec,
    }


def runs(container: Document, *, restarts: int = 0, since: str = "", **status: Any) -> Document:
    """Return the status of a container that runs and is ready."""
    started = since or ago(days=2)
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": f"registry.example/library/{container['name']}@sha256:{zlib.crc32(container['image'].encode()):064x}",
        "containerID": f"containerd://{zlib.crc32(started.encode()):064x}",
        "ready": True,
        "started": True,
        "restartCount": restarts,
        "state": {"running": {"startedAt": started}},
        "lastState": {},
        **status,
    }


def ended(reason: str, code: int, at: str) -> Document:
    """Return the state of a container that ended."""
    return {"terminated": {"reason": reason, "exitCode": code, "startedAt": at, "finishedAt": at}}


def instance(name: str, template: Document, node: str, *, since: str = "", namespace: str = NAMESPACE) -> Document:
    """Return a running pod of a template."""
    started = since or ago(days=2)
    made = resource("Pod", name, namespace=namespace, since=started)
    made["metadata"]["labels"] = dict(template["metadata"]["labels"])
    absent = [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
        for key in ("not-ready", "unreachable")
    ]
    spec = deepcopy(template["spec"])
    made["spec"] = {
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "terminationGracePeriodSeconds": 30,
        "serviceAccountName": "default",
        **spec,
        "tolerations": [*spec.get("tolerations", ()), *absent],
        "nodeName": node,
    }
    number = zlib.crc32(name.encode())
    made["status"] = {
        "phase": "Running",
        "conditions": told(Initialized="True", Ready="True", ContainersReady="True", PodScheduled="True"),
        "podIP": f"10.42.{number % 8}.{number // 8 % 250 + 2}",
        "startTime": started,
        "qosClass": "Burstable",
        "containerStatuses": [runs(held, since=started) for held in spec["containers"]],
    }
    return made


def unready(pod: Document) -> None:
    """Let a pod run without being ready."""
    pod["status"]["containerStatuses"][0]["ready"] = False
    for condition in pod["status"]["conditions"]:
        if condition["type"] in ("Ready", "ContainersReady"):
            condition |= {"status": "False", "reason": "ContainersNotReady"}


@dataclass(slots=True)
class App:
    """What belongs to one workload: what people deploy, its ReplicaSets newest first, its pods and its Service."""

    workload: Document
    pods: list[Document]
    service: Document | None = None
    sets: list[Document] = field(default_factory=list)

    @property
    def pod(self) -> Document:
        """The first pod."""
        return self.pods[0]

    @property
    def status(self) -> Document:
        """The status of the first pod's first container."""
        status: Document = self.pod["status"]["containerStatuses"][0]
        return status

    @property
    def container(self) -> Document:
        """The first container of the template."""
        container: Document = self.workload["spec"]["template"]["spec"]["containers"][0]
        return container


@dataclass(slots=True)
class Cluster:
    """Everything that one snapshot holds, open to change."""

    objects: list[Document] = field(default_factory=list)
    events: list[Document] = field(default_factory=list)
    logs: dict[str, Document] = field(default_factory=dict)
    metrics: list[Document] = field(default_factory=list)
    apps: dict[str, App] = field(default_factory=dict)
    sections: Document = field(default_factory=dict)

    def __getitem__(self, name: str) -> App:
        return self.apps[name]

    def add(self, *made: Document) -> Document:
        """Store objects; the last one is returned."""
        self.objects += made
        return made[-1]

    def find(self, kind: str, name: str) -> Document:
        """Return a stored object."""
        return next(held for held in self.objects if (held["kind"], held["metadata"]["name"]) == (kind, name))

    def drop(self, *gone: Document) -> None:
        """Take objects away."""
        self.objects = [held for held in self.objects if not any(held is one for one in gone)]

    def keep(self, app: App) -> App:
        """Store a workload with all that belongs to it, with the lines that such a program logs."""
        self.apps[app.workload["metadata"]["name"]] = app
        self.add(app.workload, *app.sets, *app.pods)
        for pod in app.pods:
            self.log(pod, "INFO starting", "INFO listening on :8080", 'INFO "GET /healthz HTTP/1.1" 200 2')
        return app

    def tell(
        self, about: Document, reason: str, message: str, at: str = "", *, kind: str = "Warning", count: int = 1
    ) -> Document:
        """Store an event about an object; a warning unless told otherwise."""
        last = at or ago(minutes=10)
        held = about["metadata"]
        where = held.get("namespace", "default")
        named = {"kind": about["kind"], "namespace": where, "name": held["name"], "uid": held["uid"]}
        made: Document = {
            "kind": "Event",
            "metadata": {"name": f"{held['name']}.{len(self.events):016x}", "namespace": where},
            "involvedObject": named,
            "type": kind,
            "reason": reason,
            "message": message,
            "count": count,
            "firstTimestamp": last,
            "lastTimestamp": last,
            "source": {"component": "kubelet"},
        }
        self.events.append(made)
        return made

    def log(self, pod: Document, *lines: str, container: str = "", run: str = "current") -> None:
        """Store the lines of a run of a pod's container, the first one unless named."""
        name = container or pod["spec"]["containers"][0]["name"]
        key = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}/{name}"
        self.logs.setdefault(key, {})[run] = "\n".join(lines)

    def measure(self, name: str, value: float, app: str, *, unit: str = "", usual: float | None = None) -> None:
        """Store a measured value of a workload."""
        held = self.apps[app].workload
        about = {"kind": held["kind"], "namespace": NAMESPACE, "name": app}
        self.metrics.append({"name": name, "value": value, "unit": unit, "baseline": usual, "about": about})

    def document(self) -> bytes:
        """Return the snapshot."""
        held = {
            "format": "tocsin-snapshot/1",
            "captured_at": NOW,
            "cluster": "production",
            "namespace": NAMESPACE,
            "objects": self.objects,
            "events": self.events,
            "logs": self.logs,
            **({"metrics": self.metrics} if self.metrics else {}),
        }
        return json.dumps({key: value for key, value in (held | self.sections).items() if value is not None}).encode()


def stamped(at: str, text: str) -> str:
    """Return a line of a log with the time that the kubelet writes before it."""
    return f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.123456789Z {text}"

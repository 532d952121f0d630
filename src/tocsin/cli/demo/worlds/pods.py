"""Pods: from the template a workload writes to the running thing with its full status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds.metadata import Json, container_id, digest, managed, metadata, stamp


@dataclass(frozen=True, slots=True)
class Template:
    """What one workload's pods run: a single container and what surrounds it. Quantities as Kubernetes writes them."""

    image: str
    port: int = 0
    env: Mapping[str, str] = field(default_factory=dict)
    config: str = ""
    """Name of the ConfigMap whose keys become environment variables."""
    credentials: str = ""
    """Name of the Secret whose keys become environment variables."""
    args: tuple[str, ...] = ()
    requests: tuple[str, str] = ("100m", "128Mi")
    limits: tuple[str, str] = ("500m", "256Mi")
    """CPU and memory."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels beside the selector's own."""
    probe: str = "/healthz"
    """Path of both probes; empty: a TCP probe."""
    scratch: str = ""
    """Where an emptyDir is mounted; empty: none."""
    restart: str = "Always"


def _probe(template: Template, *, delay: int, failures: int) -> Json:
    check: Json = {"tcpSocket": {"port": template.port}}
    if template.probe:
        check = {"httpGet": {"path": template.probe, "port": template.port, "scheme": "HTTP"}}
    timing = {"failureThreshold": failures, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 2}
    return {**check, "initialDelaySeconds": delay, **timing}


def _container(name: str, template: Template) -> Json:
    container: Json = {
        "image": template.image,
        "imagePullPolicy": "IfNotPresent",
        "name": name,
        "resources": {
            "limits": dict(zip(("cpu", "memory"), template.limits, strict=True)),
            "requests": dict(zip(("cpu", "memory"), template.requests, strict=True)),
        },
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    }
    if template.args:
        container["args"] = list(template.args)
    if template.env:
        container["env"] = [{"name": key, "value": value} for key, value in template.env.items()]
    sources: list[Json] = [{"configMapRef": {"name": template.config}}] if template.config else []
    sources += [{"secretRef": {"name": template.credentials}}] if template.credentials else []
    if sources:
        container["envFrom"] = sources
    if template.port:
        container["ports"] = [{"containerPort": template.port, "name": "main", "protocol": "TCP"}]
        container["livenessProbe"] = _probe(template, delay=15, failures=3)
        container["readinessProbe"] = _probe(template, delay=3, failures=2)
    if template.scratch:
        container["volumeMounts"] = [{"mountPath": template.scratch, "name": "scratch"}]
    return container


def pod_spec(name: str, template: Template) -> Json:
    """The pod spec of a workload's template, defaults filled in as the API server does."""
    return {
        "containers": [_container(name, template)],
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": template.restart,
        "schedulerName": "default-scheduler",
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001},
        "serviceAccount": "default",
        "serviceAccountName": "default",
        "terminationGracePeriodSeconds": 30,
        **({"volumes": [{"emptyDir": {}, "name": "scratch"}]} if template.scratch else {}),
    }


def _not_ready_toleration(condition: str) -> Json:
    return {
        "effect": "NoExecute",
        "key": f"node.kubernetes.io/{condition}",
        "operator": "Exists",
        "tolerationSeconds": 300,
    }


def _conditions(at: datetime) -> list[Json]:
    kinds = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
    return [{"lastProbeTime": None, "lastTransitionTime": stamp(at), "status": "True", "type": kind} for kind in kinds]


def _running(name: str, template: Template, pod_uid: str, started: datetime) -> Json:
    return {
        "containerID": container_id(pod_uid),
        "image": template.image,
        "imageID": digest(template.image),
        "lastState": {},
        "name": name,
        "ready": True,
        "restartCount": 0,
        "started": True,
        "state": {"running": {"startedAt": stamp(started)}},
    }


def _pod_metadata(name: str, controller: Json, spec: Json, created: datetime, started: datetime) -> Json:
    labels = controller["spec"]["template"]["metadata"]["labels"]
    writes = [
        managed("kube-controller-manager", created, {"metadata": {"labels": labels}, "spec": spec}),
        managed("kubelet", started, {"status": {"conditions": [], "phase": "", "podIP": ""}}, sub="status"),
    ]
    namespace = controller["metadata"]["namespace"]
    meta = metadata("Pod", name, namespace, created, labels=labels, owned_by=controller, fields=writes)
    return {**meta, "generateName": f"{name.rpartition('-')[0]}-"}


def place(pod: Json, node: Json, number: int | None = None) -> None:
    """Puts the pod on that node, with an address of it: the `number`th, or the one that it had on another node."""
    if number is None:
        number = int(pod["status"]["podIP"].rpartition(".")[2])
    ip = f"{node['spec']['podCIDR'].rpartition('.')[0]}.{number}"
    [host] = [entry["address"] for entry in node["status"]["addresses"] if entry["type"] == "InternalIP"]
    pod["spec"]["nodeName"] = node["metadata"]["name"]
    pod["status"] |= {"hostIP": host, "podIP": ip, "podIPs": [{"ip": ip}]}


def running_pod(
    name: str, controller: Json, template: Template, *, container: str, node: Json, created: datetime, number: int
) -> Json:
    """A healthy pod of `controller`, ready four seconds after it was made; `number` tells its address from the others'."""
    started = created + timedelta(seconds=4)
    spec = {
        **pod_spec(container, template),
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
        "priority": 0,
        "tolerations": [_not_ready_toleration("not-ready"), _not_ready_toleration("unreachable")],
    }
    meta = _pod_metadata(name, controller, pod_spec(container, template), created, started)
    status = {
        "conditions": _conditions(started),
        "containerStatuses": [_running(container, template, meta["uid"], started)],
        "phase": "Running",
        "qosClass": "Burstable",
        "startTime": stamp(created),
    }
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec, "status": status}
    place(pod, node, number)
    return pod

"""What makes two alerts the same, and what makes two alerts be about the same thing. Pure."""

from __future__ import annotations

import hashlib

import msgspec

from tocsin.alerts.parsed import ParsedAlert
from tocsin.catalog.workloads import EXPORTERS, workload_of_pod

# The part of a fingerprint that says how it was made: a new way gets a new version, and never matches the old by chance.
VERSION = "v1"
# Alerts of kube-prometheus and its forerunner that fire by design: to prove that alerts arrive, or to hold others back.
ALWAYS_FIRING = frozenset({"Watchdog", "InfoInhibitor", "DeadMansSwitch"})

# The labels that name a resource, most telling first. `service` and `job` are often those of the exporter, so they come late.
RESOURCE_LABELS = (
    ("deployment", "Deployment"),
    ("statefulset", "StatefulSet"),
    ("daemonset", "DaemonSet"),
    ("cronjob", "CronJob"),
    ("job_name", "Job"),
    ("pod", "Pod"),
    ("persistentvolumeclaim", "PersistentVolumeClaim"),
    ("horizontalpodautoscaler", "HorizontalPodAutoscaler"),
    ("ingress", "Ingress"),
    ("node", "Node"),
    ("service", "Service"),
    ("configuration", "Configuration"),
)
# Names in Kubernetes have at most 253 characters; what is much longer would not fit into an index.
LONGEST_KEY = 600
CLUSTER_SCOPED = frozenset({"Node"})


def fingerprint(source: str, identity: str) -> str:
    """The identity of an alert within its environment: version, then a hash of where it came from and what it calls itself."""
    encoded = msgspec.msgpack.encode([source, identity])
    return f"{VERSION}:{hashlib.sha256(encoded).hexdigest()[:32]}"


def content(alert: ParsedAlert) -> int:
    """What else an alert says, as a number of 64 bits: equal for reports between which only times differ."""
    told = (alert.title, alert.description, alert.severity, alert.labels, alert.annotations, alert.links)
    encoded = msgspec.msgpack.encode(told, order="sorted")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), signed=True)


def subject(labels: dict[str, str]) -> dict[str, str]:
    """The resource an alert is about, {kind, namespace, name}, from its labels; only what is known is in it."""
    namespace = labels.get("namespace", "")
    for label, kind in RESOURCE_LABELS:
        name = labels.get(label, "")
        if name and not EXPORTERS.search(name):
            return {"kind": kind, "name": name} | (
                {} if kind in CLUSTER_SCOPED or not namespace else {"namespace": namespace}
            )
    return {"kind": "Namespace", "name": namespace} if namespace else {}


def subject_key(found: dict[str, str]) -> str:
    """What alerts about the same workload share: a pod counts as the workload its name shows. Empty for less than a workload."""
    if not found or found["kind"] == "Namespace":
        return ""
    name = found["name"]
    if found["kind"] == "Pod":
        name = workload_of_pod(name)
    scope = found.get("namespace", "")
    key = f"{scope}/{name}" if scope else f"{found['kind']}/{name}"
    return key if len(key) <= LONGEST_KEY else f"{key[:100]}…{hashlib.sha256(key.encode()).hexdigest()}"

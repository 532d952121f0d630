"""Alerts by the rules that kube-prometheus ships, and a service's own error budget."""

from __future__ import annotations

from datetime import datetime

from tocsin.cli.demo.worlds.alertmanager import Firing
from tocsin.cli.demo.worlds.metadata import Json

_STATE_METRICS = {"job": "kube-state-metrics"}


def _container(pod: Json) -> dict[str, str]:
    return {"container": pod["spec"]["containers"][0]["name"], "pod": pod["metadata"]["name"]}


def _place(one: Json) -> str:
    return f"{one['metadata']['namespace']}/{one['metadata']['name']}"


def pod_crash_looping(pod: Json, since: datetime) -> Firing:
    """KubePodCrashLooping: a container waits in CrashLoopBackOff."""
    labels = _container(pod)
    return Firing(
        "KubePodCrashLooping",
        "warning",
        since,
        "Pod is crash looping.",
        f'Pod {_place(pod)} ({labels["container"]}) is in waiting state (reason: "CrashLoopBackOff").',
        'max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m]) >= 1',
        {**labels, **_STATE_METRICS, "reason": "CrashLoopBackOff"},
    )


def container_waiting(pod: Json, reason: str, since: datetime) -> Firing:
    """KubeContainerWaiting: a container waits for another reason."""
    labels = _container(pod)
    return Firing(
        "KubeContainerWaiting",
        "warning",
        since,
        "Pod container waiting longer than 15 minutes.",
        f"pod/{labels['pod']} in namespace {pod['metadata']['namespace']} on container {labels['container']} "
        f'has been in waiting state for longer than 15 minutes (reason: "{reason}").',
        'kube_pod_container_status_waiting_reason{reason!="CrashLoopBackOff"} > 0',
        {**labels, **_STATE_METRICS, "reason": reason},
    )


def pod_not_ready(pod: Json, since: datetime) -> Firing:
    """KubePodNotReady: a pod is pending, unknown or failed."""
    return Firing(
        "KubePodNotReady",
        "warning",
        since,
        "Pod has been in a non-ready state for more than 15 minutes.",
        f"Pod {_place(pod)} has been in a non-ready state for longer than 15 minutes.",
        'sum by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Unknown|Failed"}) > 0',
        {"pod": pod["metadata"]["name"], **_STATE_METRICS},
    )


def replicas_mismatch(deployment: Json, since: datetime) -> Firing:
    """KubeDeploymentReplicasMismatch: fewer replicas are available than wanted."""
    return Firing(
        "KubeDeploymentReplicasMismatch",
        "warning",
        since,
        "Deployment has not matched the expected number of replicas.",
        f"Deployment {_place(deployment)} has not matched the expected number of replicas for longer than 15 minutes.",
        "kube_deployment_spec_replicas > kube_deployment_status_replicas_available",
        {"deployment": deployment["metadata"]["name"], **_STATE_METRICS},
    )


def rollout_stuck(deployment: Json, since: datetime) -> Firing:
    """KubeDeploymentRolloutStuck: the rollout passed its progress deadline."""
    return Firing(
        "KubeDeploymentRolloutStuck",
        "warning",
        since,
        "Deployment rollout is not progressing.",
        f"Rollout of deployment {_place(deployment)} is not progressing for longer than 15 minutes.",
        'kube_deployment_status_condition{condition="Progressing", status="false"} != 0',
        {"deployment": deployment["metadata"]["name"], **_STATE_METRICS},
    )


def node_pressure(node: str, condition: str, since: datetime) -> Firing:
    """KubeNodePressure: a node reports that it runs out of something."""
    return Firing(
        "KubeNodePressure",
        "info",
        since,
        "Node has as active Condition.",
        f"Node {node} has active Condition {condition}..",
        f'kube_node_status_condition{{condition="{condition}", status="true"}} == 1',
        {"node": node, "condition": condition, **_STATE_METRICS},
    )


def filesystem_almost_full(node: str, ip: str, free: str, since: datetime) -> Firing:
    """NodeFilesystemAlmostOutOfSpace on the root filesystem; `free` is a percentage as text."""
    return Firing(
        "NodeFilesystemAlmostOutOfSpace",
        "critical",
        since,
        "Filesystem has less than 3% space left.",
        f"Filesystem on /dev/sda1, mounted on /, at {node} has only {free} available space left.",
        'node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"} * 100 < 3',
        {"instance": f"{ip}:9100", "node": node, "device": "/dev/sda1", "job": "node-exporter"},
        runbook="https://runbooks.prometheus-operator.dev/runbooks/node/nodefilesystemalmostoutofspace",
    )


def error_budget_burn(service: str, rate: str, since: datetime) -> Firing:
    """A team's own rule: a service fails `rate` (text) of its requests, far more than its budget allows."""
    return Firing(
        "ErrorBudgetBurn",
        "critical",
        since,
        f"{service} burns its error budget more than 14 times too fast.",
        f"{rate} of the requests to {service} fail with 503 over the last 5 minutes.",
        f'job:slo_errors_per_request:ratio_rate5m{{job="{service}"}} > (14.4 * 0.001)',
        {"deployment": service, "service": service, "job": service},
        runbook=f"https://runbooks.example.com/{service}/error-budget",
    )

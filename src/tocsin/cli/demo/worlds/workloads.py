"""Workloads: Deployments with the ReplicaSets of their revisions, StatefulSets, CronJobs' Jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds.metadata import Json, managed, metadata, stamp, template_hash
from tocsin.cli.demo.worlds.pods import Template, pod_spec

_REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True, slots=True)
class Revision:
    """One rollout of a Deployment: what it ran, since when, and why in the words of who did it."""

    number: int
    template: Template
    at: datetime
    why: str


def _pod_template(name: str, template: Template, labels: Mapping[str, str]) -> Json:
    return {
        "metadata": {"labels": {**labels, **template.labels}},
        "spec": pod_spec(name, template),
    }


def deployment(
    name: str, namespace: str, revisions: Sequence[Revision], *, replicas: int, selector: Mapping[str, str]
) -> Json:
    """A Deployment that stands at its last revision, written by `argocd-controller`; no status yet."""
    first, last = revisions[0], revisions[-1]
    template = _pod_template(name, last.template, selector)
    strategy = {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"}
    notes = {_REVISION: str(last.number), "kubernetes.io/change-cause": last.why}
    spec = {
        "progressDeadlineSeconds": 600,
        "replicas": replicas,
        "revisionHistoryLimit": 10,
        "selector": {"matchLabels": dict(selector)},
        "strategy": strategy,
        "template": template,
    }
    writes = [
        managed("argocd-controller", last.at, {"metadata": {"annotations": notes}, "spec": spec}, api="apps/v1"),
        managed("kube-controller-manager", last.at, {"status": {"conditions": []}}, api="apps/v1", sub="status"),
    ]
    meta = metadata("Deployment", name, namespace, first.at, labels=selector, annotations=notes, fields=writes)
    meta["generation"] = last.number
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec, "status": {}}


def replica_set_name(name: str, revision: Revision) -> str:
    """The ReplicaSet's name: the Deployment's and the hash of the revision's template."""
    return f"{name}-{template_hash(name, revision.template)}"


def replica_set(parent: Json, revision: Revision, *, replicas: int) -> Json:
    """The ReplicaSet of one revision of `parent`; `replicas` is 0 for a revision that was replaced; no status yet."""
    name, namespace = parent["metadata"]["name"], parent["metadata"]["namespace"]
    own_name = replica_set_name(name, revision)
    labels = {**parent["spec"]["selector"]["matchLabels"], "pod-template-hash": own_name.rpartition("-")[2]}
    template = _pod_template(name, revision.template, labels)
    notes = {
        "deployment.kubernetes.io/desired-replicas": str(parent["spec"]["replicas"]),
        _REVISION: str(revision.number),
        "kubernetes.io/change-cause": revision.why,
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    writes = [managed("kube-controller-manager", revision.at, {"spec": spec}, api="apps/v1")]
    meta = metadata(
        "ReplicaSet",
        own_name,
        namespace,
        revision.at,
        labels=template["metadata"]["labels"],
        annotations=notes,
        owned_by=parent,
        fields=writes,
    )
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec, "status": {}}


def stateful_set(name: str, namespace: str, template: Template, *, created: datetime, replicas: int) -> Json:
    """A StatefulSet of `replicas` ready pods behind the headless Service of its own name."""
    labels = {"app.kubernetes.io/name": name}
    spec = {
        "podManagementPolicy": "OrderedReady",
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "serviceName": name,
        "template": _pod_template(name, template, labels),
        "updateStrategy": {"rollingUpdate": {"partition": 0}, "type": "RollingUpdate"},
    }
    writes = [managed("argocd-controller", created, {"spec": spec}, api="apps/v1")]
    revision = f"{name}-{template_hash(name, template)}"
    ready = {"availableReplicas": replicas, "currentReplicas": replicas, "readyReplicas": replicas}
    status = {**ready, "replicas": replicas, "currentRevision": revision, "updateRevision": revision}
    meta = metadata("StatefulSet", name, namespace, created, labels=labels, fields=writes)
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": meta, "spec": spec, "status": status}


def cron_job(name: str, namespace: str, template: Template, *, schedule: str, created: datetime) -> Json:
    """A CronJob that keeps the last three runs that succeeded."""
    labels = {"app.kubernetes.io/name": name}
    spec = {
        "concurrencyPolicy": "Forbid",
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {"spec": {"backoffLimit": 2, "template": _pod_template(name, template, labels)}},
        "schedule": schedule,
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    }
    meta = metadata("CronJob", name, namespace, created, labels=labels)
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta, "spec": spec, "status": {}}


def finished_job(parent: Json, *, at: datetime, took: timedelta) -> Json:
    """One run of a CronJob that started at `at` and succeeded after `took`."""
    name, namespace = parent["metadata"]["name"], parent["metadata"]["namespace"]
    own_name = f"{name}-{int(at.timestamp()) // 60}"
    done = stamp(at + took)
    template = parent["spec"]["jobTemplate"]["spec"]["template"]
    labels = {**template["metadata"]["labels"], "batch.kubernetes.io/job-name": own_name}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata("Job", own_name, namespace, at, labels=labels, owned_by=parent),
        "spec": {
            "backoffLimit": 2,
            "completions": 1,
            "parallelism": 1,
            "template": {"metadata": {"labels": labels}, "spec": template["spec"]},
        },
        "status": {
            "completionTime": done,
            "conditions": [{"lastTransitionTime": done, "status": "True", "type": "Complete"}],
            "ready": 0,
            "startTime": stamp(at),
            "succeeded": 1,
        },
    }


def finish(pod: Json, at: datetime) -> None:
    """The pod's only container ended well at `at`."""
    [status] = pod["status"]["containerStatuses"]
    exited = {
        "containerID": status["containerID"],
        "exitCode": 0,
        "finishedAt": stamp(at),
        "reason": "Completed",
        "startedAt": status["state"]["running"]["startedAt"],
    }
    status |= {"ready": False, "started": False, "state": {"terminated": exited}}
    pod["status"]["phase"] = "Succeeded"
    for condition in pod["status"]["conditions"]:
        if condition["type"] in {"Ready", "ContainersReady"}:
            condition |= {"status": "False", "reason": "PodCompleted", "lastTransitionTime": stamp(at)}

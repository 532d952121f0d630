"""What the place of a file in a bundle tells: whose log it is, of which kind its objects are, who wrote the bundle. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_RUN = r"(?P<previous>[._-]previous)?\.(?:log|txt)$"
_LOGS = (
    # must-gather
    re.compile(
        rf"(?:^|/)namespaces/(?P<ns>{_NAME})/pods/(?P<pod>{_NAME})/(?P<container>{_NAME})/(?P=container)/logs/"
        r"(?:current|(?P<previous>previous))(?:\.insecure)?\.log$"
    ),
    # troubleshoot.sh, and logs that people put beside the objects
    re.compile(rf"(?:^|/)(?P<ns>{_NAME})/(?P<pod>{_NAME})/(?P<container>[a-z0-9-]+?){_RUN}"),
    re.compile(rf"(?:^|/)(?P<ns>{_NAME})_(?P<pod>{_NAME})_(?P<container>[a-z0-9-]+?){_RUN}"),
)
# A log under another name: the folder or the name says so.
_SOME_LOG = re.compile(r"(?:^|/)(?:logs?[/_-]|kubectl[_-]logs)|[/_.-]logs?\.txt$|\.log$")
_STEM = re.compile(
    r"(?:^|/)(?:(?:kubectl[_-])?logs?[_-])?(?P<pod>[a-z0-9](?:[a-z0-9.-]*?[a-z0-9])??)"
    rf"(?:_(?P<container>[a-z0-9-]+?))?{_RUN}"
)
_COPY = re.compile(r"(?P<at>^(?:.*/)?namespaces/[^/]+/)pods/(?P<pod>[^/]+)/(?P=pod)\.yaml$")
_ERRORS = re.compile(r"(?:^|/)cluster-resources/(?P<what>.+?)-errors\.json$")
_BARE = re.compile(r"(?:^|/)cluster-resources/(?P<plural>[a-z-]+)(?:/[^/]+)?\.json$")
# Kinds by the folders of troubleshoot.sh, whose older versions write arrays of objects that do not name their kind.
_KINDS = {
    "pods": "Pod",
    "nodes": "Node",
    "services": "Service",
    "deployments": "Deployment",
    "replicasets": "ReplicaSet",
    "statefulsets": "StatefulSet",
    "daemonsets": "DaemonSet",
    "jobs": "Job",
    "cronjobs": "CronJob",
    "events": "Event",
    "ingress": "Ingress",
    "endpoints": "Endpoints",
    "namespaces": "Namespace",
    "configmaps": "ConfigMap",
    "pvcs": "PersistentVolumeClaim",
    "pvs": "PersistentVolume",
    "limitranges": "LimitRange",
    "resource-quota": "ResourceQuota",
    "storage-classes": "StorageClass",
    "network-policy": "NetworkPolicy",
    "serviceaccounts": "ServiceAccount",
    "pod-disruption-budgets": "PodDisruptionBudget",
    "horizontalpodautoscalers": "HorizontalPodAutoscaler",
}
# The first whose sign is in the path of any file wins.
_SIGNS = (
    ("a must-gather", re.compile(r"(?:^|/)(?:cluster-scoped-resources/|namespaces/[^/]+/(?:core|apps|pods)/)")),
    ("a support bundle of troubleshoot.sh", re.compile(r"(?:^|/)cluster-resources/")),
    ("a kubectl cluster-info dump", re.compile(r"(?:^|/)[^/]+/(?:replication-controllers|daemonsets)\.(?:json|yaml)$")),
)


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Whose output a file holds; `namespace` and `container` are empty where its name does not tell."""

    namespace: str
    pod: str
    container: str
    run: str


def log_place(name: str) -> LogPlace | None:
    """Return whose log it is by namespace, pod and container, None when the name does not tell all three."""
    for pattern in _LOGS:
        if found := pattern.search(name):
            run = "previous" if found["previous"] else "current"
            return LogPlace(found["ns"], found["pod"], found["container"], run)
    return None


def loose_log(name: str) -> LogPlace | None:
    """Return whose log a file may be by its own name alone: POD.log, POD_CONTAINER.log, logs-POD.txt."""
    found = _STEM.search(name)
    return (
        LogPlace("", found["pod"], found["container"] or "", "previous" if found["previous"] else "current")
        if found
        else None
    )


def is_log(name: str) -> bool:
    """Tell whether the name says that a file is a log: then it is never read as anything else."""
    return bool(_SOME_LOG.search(name)) or log_place(name) is not None


def original(name: str) -> str:
    """Return the list that a must-gather keeps the same pod in, empty for other files."""
    found = _COPY.search(name)
    return f"{found['at']}core/pods.yaml" if found else ""


def failed_kind(name: str) -> str:
    """Return what a file of errors could not list ("pods", "secrets shop"), empty for other files."""
    found = _ERRORS.search(name)
    return found["what"].replace("/", " ") if found else ""


def kind_of(name: str) -> str:
    """Return the kind of the objects in a file that does not name it itself, empty where nobody knows."""
    found = _BARE.search(name)
    return _KINDS.get(found["plural"], "") if found else ""


def layout(names: list[str]) -> str:
    """Return who wrote a bundle of these files, empty where nothing tells."""
    return next((told for told, sign in _SIGNS if any(sign.search(name) for name in names)), "")

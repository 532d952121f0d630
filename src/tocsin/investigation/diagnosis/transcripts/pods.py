"""A pod, and the template of one, as `kubectl describe` prints them."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tocsin.investigation.diagnosis.transcripts.containers import specification, status
from tocsin.investigation.diagnosis.transcripts.outline import Entry
from tocsin.investigation.diagnosis.transcripts.times import ago, stamp
from tocsin.investigation.diagnosis.transcripts.transcript import Document, made, owner, slim

_TOLERATION = re.compile(
    r"(?P<key>[^\s:=]*)(?:=(?P<value>[^\s:]*))?(?::(?P<effect>\w+))?(?: op=(?P<op>\w+))?(?: for (?P<seconds>\d{1,9})s)?$"
)
_TERMINATING = re.compile(r"Terminating(?: \(lasts (?P<age>[^)]+)\))?")
# What a volume is made of: the type that is printed, the field, and the fields under it.
_VOLUMES = {
    "PersistentVolumeClaim": ("persistentVolumeClaim", {"ClaimName": "claimName"}),
    "ConfigMap": ("configMap", {"Name": "name", "Optional": "optional"}),
    "Secret": ("secret", {"SecretName": "secretName", "Optional": "optional"}),
    "HostPath": ("hostPath", {"Path": "path", "HostPathType": "type"}),
    "NFS": ("nfs", {"Server": "server", "Path": "path"}),
    "CSI": ("csi", {"Driver": "driver"}),
}


def pod(entry: Entry, now: datetime | None) -> Document:
    """Return a pod with its specification and its state."""
    node, _, address = entry.told("Node").partition("/")
    phase, leaving = entry.told("Status"), _TERMINATING.match(entry.told("Status"))
    init, held = entry.under("Init Containers"), entry.under("Containers")
    metadata: Document = {
        "creationTimestamp": stamp(entry.told("Start Time")),
        "deletionTimestamp": ago(leaving["age"] or "", now) if leaving else None,
        "labels": entry.pairs("Labels"),
        "annotations": entry.pairs("Annotations", ": "),
        "ownerReferences": owner(entry.told("Controlled By")),
    }
    told: Document = {
        "phase": "" if leaving else phase,
        "reason": entry.told("Reason"),
        "message": entry.told("Message"),
        "podIP": entry.told("IP"),
        "hostIP": address,
        "qosClass": entry.told("QoS Class"),
        "startTime": stamp(entry.told("Start Time")),
        "conditions": list(_conditions(entry)),
        "initContainerStatuses": [status(child) for child in init if child.key],
        "containerStatuses": [status(child) for child in held if child.key],
    }
    spec = {"nodeName": node, **specification_of(entry)}
    return made("Pod", entry.told("Name"), entry.told("Namespace"), metadata=slim(metadata), spec=spec, status=told)


def specification_of(entry: Entry) -> Document:
    """Return the specification that a pod or a template shows."""
    told: Document = {
        "serviceAccountName": entry.told("Service Account"),
        "priorityClassName": entry.told("Priority Class Name"),
        "runtimeClassName": entry.told("Runtime Class Name"),
        "initContainers": [specification(child) for child in entry.under("Init Containers") if child.key],
        "containers": [specification(child) for child in entry.under("Containers") if child.key],
        "volumes": [_volume(child) for child in entry.under("Volumes") if child.key],
        "nodeSelector": entry.pairs("Node-Selectors"),
        "tolerations": list(_tolerations(entry)),
    }
    return slim(told)


def template(entry: Entry) -> Document:
    """Return the pod template of a workload."""
    inside = entry.get("Pod Template")
    if inside is None:
        return {}
    return slim({"metadata": {"labels": inside.pairs("Labels")}, "spec": specification_of(inside)})


def _conditions(entry: Entry) -> Iterator[Document]:
    """Yield the conditions; the line of headings is none."""
    for line in entry.listed("Conditions"):
        words = line.split()
        if len(words) == 2 and words[1] in ("True", "False", "Unknown"):
            yield {"type": words[0], "status": words[1]}


def _tolerations(entry: Entry) -> Iterator[Document]:
    for line in entry.listed("Tolerations"):
        if found := _TOLERATION.match(line):
            operator = found["op"] or ("Equal" if found["value"] else "Exists")
            seconds = int(found["seconds"]) if found["seconds"] else None
            yield slim(
                {
                    "key": found["key"],
                    "value": found["value"],
                    "effect": found["effect"],
                    "operator": operator,
                    "tolerationSeconds": seconds,
                }
            )


def _volume(entry: Entry) -> Document:
    kind = entry.told("Type").partition(" ")[0]
    if kind == "EmptyDir":
        return {
            "name": entry.key,
            "emptyDir": slim({"medium": entry.told("Medium"), "sizeLimit": entry.told("SizeLimit")}),
        }
    if kind == "Projected":
        return {"name": entry.key, "projected": {"sources": list(_projected(entry))}}
    field, inside = _VOLUMES.get(kind, ("", {}))
    if not field:
        return {"name": entry.key}
    told: dict[str, Any] = {name: entry.told(key) for key, name in inside.items()}
    if "optional" in told:
        told["optional"] = True if told["optional"] == "true" else None
    return {"name": entry.key, field: slim(told)}


def _projected(entry: Entry) -> Iterator[Document]:
    """Yield the sources; printed one below the other, with a name each."""
    for child in entry.children:
        if child.key == "ConfigMapName" and child.value:
            yield {"configMap": {"name": child.value}}
        if child.key == "SecretName" and child.value:
            yield {"secret": {"name": child.value}}
        if child.key == "TokenExpirationSeconds":
            yield {"serviceAccountToken": {"path": "token"}}

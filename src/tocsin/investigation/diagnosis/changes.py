"""What was changed and when, as far as the objects tell: revisions, managed fields, the journal of changes."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

# Seconds after which a change of a kind is a third as suspect: a rollout fails soon, configuration may wait for a restart.
_FADES: Mapping[str, float] = {"ConfigMap": 7200.0, "Secret": 7200.0}
_FADES_OTHERWISE = 1800.0
# A change of what a workload reads weighs less than one of itself.
_INDIRECT = 0.6
_READ = ("ConfigMap", "Secret", "Service", "NetworkPolicy", "ResourceQuota", "LimitRange")
_REVISION = "metadata/annotations/deployment.kubernetes.io~1revision"
_LARGEST = 20.0
_SAME = timedelta(minutes=1)
_MOST = 3
# What controllers write by themselves says nothing about people.
_CONTROLLERS = ("kube-controller-manager", "kubelet", "kube-scheduler", "kube-apiserver")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change by somebody: to which object, when, by which tool, and what is known of it."""

    subject: Subject
    at: datetime
    by: str
    what: str
    cite: Citation


@dataclass(frozen=True, slots=True)
class Recency:
    """The latest change of each object, weighed by how long before the onset of trouble it was."""

    latest: Mapping[Subject, Edit]
    onset: datetime

    def weight(self, subject: Subject) -> float:
        """Return what a recent change adds to the log-odds (nats); 0 without one, or when it came after the onset."""
        edit = self.latest.get(subject)
        age = (self.onset - edit.at).total_seconds() if edit else -math.inf
        if age < -300:
            return 0.0
        fades = _FADES.get(subject.kind, _FADES_OTHERWISE)
        return round(math.log1p(_LARGEST * math.exp(-max(age, 0.0) / fades)) / 2, 3)

    def suspect(self, subject: Subject, read: Iterable[Subject]) -> tuple[Subject, float]:
        """Return what most likely did it, and its weight: the subject's own change, or one of what it reads at 0.6 of that."""
        own = (self.weight(subject), subject)
        others = [(round(_INDIRECT * self.weight(at), 3), at) for at in sorted(set(read)) if at.kind in _READ]
        weight, at = max([own, *others], key=lambda found: found[0])
        return at, weight

    def told(self, subject: Subject) -> str:
        """Say who changed the object and how long before."""
        edit = self.latest.get(subject)
        return f"changed {ago(edit.at, self.onset)} before, by {edit.by}: {edit.what}" if edit else "none known"


def edits(inventory: Inventory) -> Iterator[Edit]:
    """Yield the changes that the snapshot knows of: its journal, managed fields of objects, revisions of Deployments."""
    for index, change in enumerate(inventory.snapshot.changes):
        if change.at and change.about.kind and change.about.name:
            subject = Subject(change.about.kind, change.about.namespace or "", change.about.name)
            field = change.field.rpartition("/")[2]
            moved = f"{field}: {change.old} → {change.new}" if field else change.summary or "changed"
            ref = f"changes/{index}#"
            yield Edit(subject, change.at, change.by or "someone", moved, Citation(ref, moved, MODERATE, subject))
    for kind in (
        "ConfigMap",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Service",
        "NetworkPolicy",
        "ResourceQuota",
        "Node",
    ):
        for item in inventory.of(kind):
            yield from _managed(item)
    yield from _revised(inventory)


def latest_edits(inventory: Inventory) -> dict[Subject, Edit]:
    """Return each object's latest change; within a minute, one that tells values goes before one that does not."""
    latest: dict[Subject, Edit] = {}
    for edit in sorted(edits(inventory), key=lambda edit: (edit.at, edit.what)):
        held = latest.get(edit.subject)
        vaguer = held and "→" in held.what and "→" not in edit.what and edit.at - held.at < _SAME
        if not vaguer:
            latest[edit.subject] = edit
    return latest


def former_image(inventory: Inventory, controller: Subject, container: str, now: str) -> str:
    """Return the image that a container had in the latest revision with another one; empty when none is stored."""
    for _, replicas in reversed(_revisions(inventory).get(controller, [])):
        for held in replicas.parts("spec/template/spec/containers"):
            if held.text("name") == container and held.text("image") not in ("", now):
                return held.text("image")
    return ""


def former_value(inventory: Inventory, subject: Subject, path: str) -> str:
    """Return what stood at a path of an object before its latest recorded change; empty when no journal tells."""
    told = [c for c in inventory.snapshot.changes if (c.about.kind, c.about.name) == (subject.kind, subject.name)]
    here = [c for c in told if c.field.strip("/") == path and (c.about.namespace or "") == subject.namespace and c.at]
    return max(here, key=lambda change: (change.at, change.new or "")).old or "" if here else ""


def ago(at: datetime, now: datetime) -> str:
    """Write a span in the largest unit that has at least two of it."""
    seconds = max(int((now - at).total_seconds()), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _managed(item: Resource) -> Iterator[Edit]:
    for entry in item.parts("metadata/managedFields"):
        at, manager = entry.time("time"), entry.text("manager")
        if at and entry.text("subresource") != "status" and manager and not manager.startswith(_CONTROLLERS):
            yield Edit(item.subject, at, manager, f"{item.subject} changed", entry.cite("time", MODERATE))


def _revised(inventory: Inventory) -> Iterator[Edit]:
    """Yield the latest revision of each Deployment, when the one before is stored too: the difference of their templates."""
    for subject, held in sorted(_revisions(inventory).items()):
        if len(held) > 1 and (at := held[-1][1].created):
            old, (number, new) = held[-2][1], held[-1]
            moved = list(_moved(old.get("spec/template/spec"), new.get("spec/template/spec"), ""))[:_MOST]
            if moved:
                cite = new.cite(_REVISION, MODERATE)
                yield Edit(subject, at, f"revision {number}", "; ".join(moved), cite)


def _revisions(inventory: Inventory) -> dict[Subject, list[tuple[int, Resource]]]:
    """Return the ReplicaSets of each Deployment by their revision, oldest first."""
    revisions: dict[Subject, list[tuple[int, Resource]]] = defaultdict(list)
    for replicas in inventory.of("ReplicaSet"):
        told = replicas.text(_REVISION)
        if told.isdecimal():
            revisions[inventory.controller(replicas.subject)].append((int(told), replicas))
    return {subject: sorted(held, key=lambda pair: (pair[0], pair[1].subject)) for subject, held in revisions.items()}


def _moved(old: Any, new: Any, path: str) -> Iterator[str]:
    """Yield the differences of two templates, "image: a → b"; lists are compared by the names of their entries."""
    if isinstance(old, list) and isinstance(new, list):
        old, new = _named(old), _named(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _moved(old.get(key), new.get(key), f"{path}.{key}".lstrip("."))
    elif old != new:
        yield f"{path.removesuffix('.value')}: {old} → {new}"


def _named(entries: list[Any]) -> dict[str, Any]:
    return {
        str(entry.get("name", index)) if isinstance(entry, dict) else str(index): entry
        for index, entry in enumerate(entries)
    }

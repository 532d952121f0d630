"""What was changed and when, as far as the objects tell: revisions, managed fields, the journal of changes."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

# Seconds after which a change of a kind is a third as suspect: a rollout fails soon, configuration may wait for a restart.
_FADES: Mapping[str, float] = {"ConfigMap": 7200.0, "Secret": 7200.0}
_FADES_OTHERWISE = 1800.0
_LARGEST = 20.0
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

    def told(self, subject: Subject) -> str:
        """Say who changed the object and how long before."""
        edit = self.latest.get(subject)
        return f"{edit.what} {ago(edit.at, self.onset)} before, by {edit.by}" if edit else "none known"


def edits(inventory: Inventory) -> Iterator[Edit]:
    """Yield the changes that the snapshot knows of: its journal, and the managed fields of its objects."""
    for index, change in enumerate(inventory.snapshot.changes):
        if change.at and change.about.kind and change.about.name:
            subject = Subject(change.about.kind, change.about.namespace or "", change.about.name)
            moved = f"{change.field}: {change.old} → {change.new}" if change.field else change.summary or "changed"
            ref = f"changes/{index}#"
            yield Edit(subject, change.at, change.by or "someone", moved, Citation(ref, moved, MODERATE, ref))
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


def latest_edits(inventory: Inventory) -> dict[Subject, Edit]:
    """Return each object's latest change; at the same instant the journal, which knows values, goes first."""
    latest: dict[Subject, Edit] = {}
    for edit in edits(inventory):
        if edit.subject not in latest or edit.at > latest[edit.subject].at:
            latest[edit.subject] = edit
    return latest


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

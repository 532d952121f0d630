"""What was changed and when, as far as the objects tell, and how suspect that makes it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.applied import departed, since_applied
from tocsin.investigation.diagnosis.reading.changes.differences import Difference
from tocsin.investigation.diagnosis.reading.changes.mechanisms import mechanism
from tocsin.investigation.diagnosis.reading.changes.releases import releases
from tocsin.investigation.diagnosis.reading.workloads.revisions import rollouts
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

# Seconds after which a change of a kind is a third as suspect: a rollout fails soon, configuration may wait for a restart.
_FADES: Mapping[str, float] = {"ConfigMap": 7200.0, "Secret": 7200.0}
_FADES_OTHERWISE = 1800.0
# A change of what a workload reads weighs less than one of itself.
_INDIRECT = 0.6
_READ = ("ConfigMap", "Secret", "Service", "NetworkPolicy", "ResourceQuota", "LimitRange")
_LARGEST = 20.0
_SAME = timedelta(minutes=1)
_MOST = 3
# What was changed so long after trouble began did not begin it; clocks and reports differ by less.
_TOO_LATE = -300.0
# What controllers write by themselves says nothing about people.
_CONTROLLERS = ("kube-controller-manager", "kubelet", "kube-scheduler", "kube-apiserver")
_MANAGED = (
    "ConfigMap",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "LimitRange",
    "NetworkPolicy",
    "Node",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "StatefulSet",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change by somebody: to which object, when, by which tool, what is known of it, and which fields it moved."""

    subject: Subject
    at: datetime
    by: str
    what: str
    cite: Citation
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recency:
    """The latest change of each object, weighed by how long before the onset of trouble it was.

    `onset` is when everything that is wrong began, as far as known; a candidate may have one of its own.
    """

    latest: Mapping[Subject, Edit]
    onset: datetime

    def weight(self, subject: Subject, category: str = "", onset: datetime | None = None) -> float:
        """Return what a recent change adds to the log-odds (nats); 0 without one, or when it came after the onset.

        ln(1 + K·m·exp(-age/τ)) / 2, with m how well what was changed can bring about trouble of that category.
        """
        edit = self.latest.get(subject)
        age = ((onset or self.onset) - edit.at).total_seconds() if edit else -math.inf
        if not edit or age < _TOO_LATE:
            return 0.0
        fades = _FADES.get(subject.kind, _FADES_OTHERWISE)
        able = mechanism(category, edit.fields)
        return round(math.log1p(_LARGEST * able * math.exp(-max(age, 0.0) / fades)) / 2, 3)

    def suspect(
        self, subject: Subject, read: Iterable[Subject], category: str = "", onset: datetime | None = None
    ) -> tuple[Subject, float]:
        """Return what most likely did it, and its weight: the subject's own change, or one of what it reads at 0.6 of that."""
        own = (self.weight(subject, category, onset), subject)
        near = [at for at in sorted(set(read)) if at.kind in _READ]
        others = [(round(_INDIRECT * self.weight(at, category, onset), 3), at) for at in near]
        weight, at = max([own, *others], key=lambda found: found[0])
        return at, weight

    def told(self, subject: Subject) -> str:
        """Say who changed the object and how long before."""
        edit = self.latest.get(subject)
        return f"changed {ago(edit.at, self.onset)} before, by {edit.by}: {edit.what}" if edit else "none known"


def edits(inventory: Inventory) -> Iterator[Edit]:
    """Yield the changes that the snapshot knows of.

    They are told by its journal, by metadata.managedFields, by the templates of revisions, by what departs from the
    manifest that was applied, and by Helm, Argo CD and Flux.
    """
    yield from _journalled(inventory)
    managed = {item.subject: list(_managed(item)) for kind in _MANAGED for item in inventory.of(kind)}
    for found in managed.values():
        yield from found
    for rollout in rollouts(inventory):
        told = _told(rollout.moved)
        yield Edit(
            rollout.workload, rollout.at, f"revision {rollout.number}", told, rollout.cite, _paths(rollout.moved)
        )
    for departure in departed(inventory):
        by_hand = max(managed.get(departure.subject, ()), key=lambda edit: edit.at, default=None)
        if by_hand:
            told = f"{_told(departure.moved)}, unlike the manifest that was applied"
            yield Edit(departure.subject, by_hand.at, by_hand.by, told, departure.cite, _paths(departure.moved))
    for release in releases(inventory):
        for workload in release.workloads:
            yield Edit(workload, release.at, release.by, release.what, release.cite)


def latest_edits(inventory: Inventory) -> dict[Subject, Edit]:
    """Return each object's latest change; within a minute, one that tells values goes before one that does not."""
    latest: dict[Subject, Edit] = {}
    for edit in sorted(edits(inventory), key=lambda edit: (edit.at, edit.what)):
        held = latest.get(edit.subject)
        vaguer = held and "→" in held.what and "→" not in edit.what and edit.at - held.at < _SAME
        if not vaguer:
            latest[edit.subject] = edit
    return latest


def former_value(inventory: Inventory, subject: Subject, path: str) -> str:
    """Return what stood at a path of an object before its latest recorded change; empty when nothing tells."""
    told = [c for c in inventory.snapshot.changes if (c.about.kind, c.about.name) == (subject.kind, subject.name)]
    here = [c for c in told if c.field.strip("/") == path and (c.about.namespace or "") == subject.namespace and c.at]
    if here:
        return max(here, key=lambda change: (change.at, change.new or "")).old or ""
    held = inventory.get(subject)
    departed_from = since_applied(held) if held else ()
    return next(
        (str(one.old) for one in departed_from if one.old is not None and one.path.replace(".", "/", 1) == path), ""
    )


def ago(at: datetime, now: datetime) -> str:
    """Write a span in the largest unit that has at least two of it."""
    seconds = max(int((now - at).total_seconds()), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _journalled(inventory: Inventory) -> Iterator[Edit]:
    for index, change in enumerate(inventory.snapshot.changes):
        if change.at and change.about.kind and change.about.name:
            subject = Subject(change.about.kind, change.about.namespace or "", change.about.name)
            field = change.field.rpartition("/")[2]
            moved = f"{field}: {change.old} → {change.new}" if field else change.summary or "changed"
            cite = Citation(f"changes/{index}#", moved, MODERATE, subject)
            path = change.field.strip("/").replace("/", ".")
            yield Edit(subject, change.at, change.by or "someone", moved, cite, (path,) if path else ())


def _managed(item: Resource) -> Iterator[Edit]:
    for entry in item.parts("metadata/managedFields"):
        at, manager = entry.time("time"), entry.text("manager")
        if at and entry.text("subresource") != "status" and manager and not manager.startswith(_CONTROLLERS):
            yield Edit(item.subject, at, manager, f"{item.subject} changed", entry.cite("time", MODERATE))


def _told(moved: tuple[Difference, ...]) -> str:
    more = f" and {len(moved) - _MOST} more" if len(moved) > _MOST else ""
    return "; ".join(map(str, moved[:_MOST])) + more


def _paths(moved: tuple[Difference, ...]) -> tuple[str, ...]:
    return tuple(one.path for one in moved)

"""What each rollout changed: the templates of a workload's revisions, side by side."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.reading.changes.differences import Difference, differences
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

_NUMBER = "metadata/annotations/deployment.kubernetes.io~1revision"
# What a controller writes into a template by itself.
_OWN = re.compile(r"pod-template-hash|controller-revision-hash|kubectl\.kubernetes\.io/restartedAt")


class Revision(NamedTuple):
    """One stored revision of a workload: a ReplicaSet or a ControllerRevision, with the template that it had."""

    number: int
    holder: Resource
    template: Any


class Rollout(NamedTuple):
    """The step from one revision to the next: when it was made, and what moved in the template."""

    workload: Subject
    number: int
    at: datetime
    moved: tuple[Difference, ...]
    cite: Citation


def revisions(inventory: Inventory) -> Mapping[Subject, list[Revision]]:
    """Return the stored revisions of each workload, oldest first."""
    return inventory.once(_revisions)


def _revisions(inventory: Inventory) -> Mapping[Subject, list[Revision]]:
    found: dict[Subject, list[Revision]] = defaultdict(list)
    for replicas in inventory.of("ReplicaSet"):
        if (number := whole(replicas.text(_NUMBER))) is not None:
            template = replicas.get("spec/template/spec")
            found[inventory.controller(replicas.subject)].append(Revision(number, replicas, template))
    for held in inventory.of("ControllerRevision"):
        number, owner = held.number("revision"), held.owner
        if number is not None and owner:
            workload = Subject(owner.text("kind"), held.namespace, owner.text("name"))
            found[workload].append(Revision(number, held, held.get("data/spec/template/spec")))
    return {subject: sorted(held, key=lambda one: (one.number, one.holder.subject)) for subject, held in found.items()}


def rollouts(inventory: Inventory) -> Iterator[Rollout]:
    """Yield the latest step of each workload whose revision before is stored too."""
    for subject, held in sorted(revisions(inventory).items()):
        if len(held) < 2:
            continue
        before, (number, holder, template) = held[-2], held[-1]
        moved = tuple(one for one in differences(before.template, template) if not _OWN.search(one.path))
        if moved and (at := _made(holder, inventory)):
            path = _NUMBER if holder.kind == "ReplicaSet" else "revision"
            yield Rollout(subject, number, at, moved, holder.cite(path, MODERATE))


def former_image(inventory: Inventory, controller: Subject, container: str, now: str) -> str:
    """Return the image that a container had in the latest revision with another one; empty when none is stored."""
    for _, _, template in reversed(revisions(inventory).get(controller, [])):
        held = template if isinstance(template, dict) else {}
        for entry in held.get("containers", ()):
            if entry.get("name") == container and entry.get("image") not in (None, "", now):
                return str(entry["image"])
    return ""


def _made(holder: Resource, inventory: Inventory) -> datetime | None:
    """Return when a revision came into force. Going back uses a ReplicaSet of before again, so its age tells nothing."""
    if holder.kind != "ReplicaSet":
        return holder.created
    scaled = [event for event in inventory.events_of(["ScalingReplicaSet"]) if f"{holder.name} " in f"{event.message} "]
    ups = [event.last for event in scaled if event.last and "Scaled up" in event.message]
    return max([time for time in (holder.created, *ups) if time], default=None)

"""A volume with no space left."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.storage.volume_use import fills, written
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.volumes import grow_claim
from tocsin.investigation.diagnosis.signals import complaint_cites
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = r"[Nn]o space left on device|[Dd]isk quota exceeded|\bENOSPC\b|[Dd]isk (?:is )?full"
_LEAST = 0.03


@cause("storage", modes=("storage.full",), needs=("Pod",))
def volume_full(world: World) -> Iterator[Finding]:
    """The volume of a claim has no space left, and who writes there fails.

    Data, logs or indices grew, or nothing removes the old. Databases often turn read-only or end themselves then.

    When it is wrong: the bytes are free and the inodes are used up, or another file system of the container is full.
    """
    measured = {held.claim: held for held in fills(world)}
    for held in measured.values():
        if held.space is not None and held.space < _LEAST:
            text = f"the volume of claim {held.claim.name} is full: {held.space:.1%} of its space is left"
            yield _finding(world, held.claim, text, held.cites("available_ratio", "available", "used", "capacity"))
    for pod, container, line, claim in written(world, _COMPLAINT):
        known = measured.get(claim) if claim else None
        if claim and not (known and known.space and known.space >= _LEAST):
            text = f"the volume of claim {claim.name} is full, says {pod.name}: “{ending(line.text)}”"
            yield _finding(world, claim, text, [*complaint_cites(container, line), *_mounts(world, claim)])


def _mounts(world: World, claim: Subject) -> list[Citation]:
    held = world.inventory.get(claim)
    return [held.cite("status/capacity/storage", MODERATE)] if held and held.get("status/capacity/storage") else []


def _finding(world: World, claim: Subject, text: str, cites: list[Citation]) -> Finding:
    held = world.inventory.get(claim)
    remedies: list[Command] = [
        look("get", "pvc", claim.name, of=claim, purpose="see how large it is, and of which class"),
        *(grow_claim(held) if held else ()),
    ]
    return Finding(claim, text, cites, remedies)

"""A claim that no volume fits."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import WEAK
from tocsin.investigation.diagnosis.reading.storage.binding import Mismatch, meant, mismatches, storage_class
from tocsin.investigation.diagnosis.reading.storage.claims import pending, provisioner_of
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.volumes import label_volume
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World


@cause("storage", modes=("storage.no_matching_pv",), needs=("PersistentVolumeClaim", "PersistentVolume"))
def volume_unmatched(world: World) -> Iterator[Finding]:
    """A claim waits because no volume fits it: access mode, selector, capacity or class differ.

    A claim takes a volume only if that has every access mode it asks for, the labels it selects, room enough, and the
    same storage class.

    When it is wrong: a provisioner makes volumes for that class on demand, and is the one that is late.
    """
    for claim in pending(world):
        bound_by_hand = claim.text("spec/volumeName") or claim.get("spec/selector")
        if (provisioner_of(world, claim) and not bound_by_hand) or _unknown_class(world, claim):
            continue
        free = [volume for volume in world.of("PersistentVolume") if meant(claim, volume)]
        fewest = min((len(mismatches(claim, volume)) for volume in free), default=0)
        for volume in free:
            rules = mismatches(claim, volume)
            if rules and len(rules) == fewest:
                yield _finding(claim, volume, rules)


def _finding(claim: Resource, volume: Resource, rules: list[Mismatch]) -> Finding:
    told = "; ".join(f"{rule.rule}: wants {rule.wanted}, has {rule.held}" for rule in rules)
    return Finding(
        claim.subject,
        f"claim {claim.name} cannot have volume {volume.name}: {told}",
        cites=[claim.cite("status/phase", WEAK), *(cite for rule in rules for cite in rule.cites)],
        remedies=[
            look("describe", "pvc", claim.name, of=claim.subject, purpose="read what the binder says"),
            *_labelled(claim, volume, rules),
        ],
    )


def _labelled(claim: Resource, volume: Resource, rules: list[Mismatch]) -> Iterator[Command]:
    """Yield what gives a volume the labels that a claim selects, where nothing else keeps them apart."""
    if [rule.rule for rule in rules] == ["selector"]:
        for key, value in sorted(claim.texts("spec/selector/matchLabels").items()):
            if volume.labels.get(key) != value:
                yield label_volume(volume.subject, key, volume.labels.get(key), value)


def _unknown_class(world: World, claim: Resource) -> bool:
    """Tell whether a claim's class is one that neither a class nor a volume has: then the class is what is missing."""
    name = storage_class(claim)
    classes = {held.name for held in world.inventory.of("StorageClass")}
    used = {storage_class(volume) for volume in world.inventory.of("PersistentVolume")}
    return bool(name) and "StorageClass" in world.inventory.kinds and name not in classes | used

"""Why a claim and a volume do not come together: the rules of the volume binder, one by one."""

from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.resources import Resource, selects


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One rule that keeps a claim from a volume: what the claim wants, what the volume has."""

    rule: str
    wanted: str
    held: str
    cites: tuple[Citation, Citation]


def storage_class(item: Resource) -> str:
    """Return the class that a claim or volume names; empty for none."""
    return item.text("spec/storageClassName")


def mismatches(claim: Resource, volume: Resource) -> list[Mismatch]:
    """Return the rules by which a claim cannot have a volume: class, access mode, selector, capacity, mode."""
    found = []
    if storage_class(claim) != storage_class(volume):
        found.append(_mismatch("class", claim, "spec/storageClassName", volume, "spec/storageClassName"))
    if not set(claim.words("spec/accessModes")) <= set(volume.words("spec/accessModes")):
        found.append(_mismatch("access mode", claim, "spec/accessModes", volume, "spec/accessModes"))
    labels = claim.texts("spec/selector/matchLabels")
    if labels and not selects(labels, volume.labels):
        found.append(_mismatch("selector", claim, "spec/selector/matchLabels", volume, "metadata/labels"))
    size = parse_quantity(claim.get("spec/resources/requests/storage"))
    room = parse_quantity(volume.get("spec/capacity/storage"))
    if size is not None and room is not None and size > room:
        found.append(_mismatch("capacity", claim, "spec/resources/requests/storage", volume, "spec/capacity/storage"))
    if _mode(claim) != _mode(volume):
        found.append(_mismatch("volume mode", claim, "spec/volumeMode", volume, "spec/volumeMode"))
    return found


def meant(claim: Resource, volume: Resource) -> bool:
    """Tell whether a free volume is meant for a claim as far as one can see: named by one of them."""
    named = volume.text("spec/claimRef/name") == claim.name or claim.text("spec/volumeName") == volume.name
    return named or volume.text("status/phase") in ("", "Available")


def _mode(item: Resource) -> str:
    return item.text("spec/volumeMode") or "Filesystem"


def _mismatch(rule: str, claim: Resource, wanted: str, volume: Resource, held: str) -> Mismatch:
    cites = claim.cite(wanted, STRONG), volume.cite(held, STRONG)
    return Mismatch(rule, str(cites[0].value), str(cites[1].value), cites)

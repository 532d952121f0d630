"""A claim whose volume is kept for another claim, or is not there."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.storage.binding import mismatches
from tocsin.investigation.diagnosis.reading.storage.claims import pending, provisioner_of, volume_of
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.volumes import release_volume
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World


@cause("storage", needs=("PersistentVolumeClaim", "PersistentVolume"))
def volume_binding_conflict(world: World) -> Iterator[Finding]:
    """A claim is to have a certain volume, and that is bound to another claim, or does not exist.

    A volume belongs to one claim at a time, and remembers which by name and uid. After a claim was deleted, a volume
    that is retained stays reserved for it, even against a new claim of the same name.

    When it is wrong: a claim of that name was bound a moment ago; the binder tries again by itself.
    """
    for claim in pending(world):
        if volume := volume_of(world, claim):
            yield from _taken(claim, volume)
        elif (name := claim.text("spec/volumeName")) and world.knows("PersistentVolume"):
            yield Finding(
                claim.subject,
                f"claim {claim.name} asks for volume {name} by name, which does not exist",
                cites=[claim.cite("spec/volumeName", CONCLUSIVE)],
                remedies=_looks(claim),
            )
        elif former := [found for volume in world.of("PersistentVolume") for found in _kept(claim, volume)]:
            yield from former
        elif not provisioner_of(world, claim):
            yield from _occupied(world, claim)


def _taken(claim: Resource, volume: Resource) -> Iterator[Finding]:
    """Yield the volume that a claim names, where it belongs to another one."""
    if _owner(volume) not in ("", f"{claim.namespace}/{claim.name}"):
        yield Finding(
            claim.subject,
            f"claim {claim.name} asks for volume {volume.name}, which is bound to claim {_owner(volume)}",
            cites=[claim.cite("spec/volumeName", STRONG), volume.cite("spec/claimRef/name", CONCLUSIVE)],
            remedies=_looks(claim),
        )
    else:
        yield from _kept(claim, volume)


def _kept(claim: Resource, volume: Resource) -> Iterator[Finding]:
    """Yield a volume that is still kept for a deleted claim of the same name."""
    held, uid = volume.mapping("spec/claimRef"), claim.text("metadata/uid")
    same = (held.get("namespace"), held.get("name")) == (claim.namespace, claim.name)
    former, phase = volume.text("spec/claimRef/uid"), volume.text("status/phase")
    # A volume that was released never goes back by itself, not even to a claim of the same name.
    other = former != uid if former and uid else phase == "Released"
    if same and other:
        yield Finding(
            claim.subject,
            f"volume {volume.name} is {phase or 'kept'} for a former claim {claim.name}, not for the one of today",
            cites=[
                volume.cite("spec/claimRef/uid" if former else "status/phase", CONCLUSIVE),
                claim.cite("metadata/uid" if uid else "status/phase", STRONG),
            ],
            remedies=[*_looks(claim), *([release_volume(volume, former)] if former else [])],
        )


def _occupied(world: World, claim: Resource) -> Iterator[Finding]:
    """Yield the volumes that would fit a claim, where other claims have all of them."""
    fitting = [volume for volume in world.of("PersistentVolume") if not mismatches(claim, volume)]
    if fitting and all(_owner(volume) not in ("", f"{claim.namespace}/{claim.name}") for volume in fitting):
        owners = ", ".join(f"{volume.name} for claim {_owner(volume)}" for volume in fitting[:3])
        yield Finding(
            claim.subject,
            f"every volume that fits claim {claim.name} is kept for another one: {owners}",
            cites=[
                *(volume.cite("spec/claimRef/name", STRONG) for volume in fitting[:3]),
                claim.cite("status/phase", MODERATE),
            ],
            remedies=_looks(claim),
        )


def _owner(volume: Resource) -> str:
    """Return the claim for which a volume is kept, as namespace/name; empty for none."""
    name = volume.text("spec/claimRef/name")
    return f"{volume.text('spec/claimRef/namespace')}/{name}" if name else ""


def _looks(claim: Resource) -> list[Command]:
    columns = "custom-columns=NAME:.metadata.name,PHASE:.status.phase,CLAIM:.spec.claimRef.name,UID:.spec.claimRef.uid"
    return [look("get", "pv", "-o", columns, of=claim.subject, purpose="see which volume is kept for which claim")]

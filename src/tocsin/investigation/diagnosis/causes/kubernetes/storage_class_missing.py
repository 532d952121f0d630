"""A claim of a storage class that does not exist."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.storage.binding import storage_class
from tocsin.investigation.diagnosis.reading.storage.claims import pending, refused
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World, cite_event

_ABSENT = re.compile(r'storageclass\S* "(?P<name>[^"]+)" not found')


@cause("storage", modes=("storage.sc_missing",), needs=("PersistentVolumeClaim", "StorageClass"))
def storage_class_missing(world: World) -> Iterator[Finding]:
    """A claim asks for a storage class that the cluster does not have, so no volume is made for it.

    The name was mistyped, or belongs to another cluster. A claim's class cannot be changed: it is made anew.

    When it is wrong: a volume of that class was made by hand, and the claim only waits to be bound to it.
    """
    for claim in pending(world):
        name = storage_class(claim)
        if not name:
            continue
        told = [e for e in world.events("ProvisioningFailed", about=claim.subject) if _ABSENT.search(e.message)]
        unknown = world.knows("StorageClass") and world.get("StorageClass", "", name) is None
        if (told or unknown) and not _by_hand(world, name):
            close = world.inventory.similar(Subject("StorageClass", "", name))
            yield Finding(
                claim.subject,
                f"claim {claim.name} asks for storage class {name}, which does not exist"
                + (f"; there is {close}" if close else ""),
                cites=[
                    claim.cite("spec/storageClassName", STRONG),
                    *(cite_event(event, CONCLUSIVE) for event in told[:1]),
                ],
                remedies=[look("get", "storageclasses", of=claim.subject, purpose="see which classes there are")],
            )
    for at, read, event in refused(world, "ProvisioningFailed"):
        if not read and (found := _ABSENT.search(event.message)):
            yield Finding(
                at,
                f"claim {at.name} asks for storage class {found['name']}, which does not exist",
                cites=[cite_event(event, CONCLUSIVE)],
                remedies=[look("get", "storageclasses", of=at, purpose="see which classes there are")],
            )


def _by_hand(world: World, name: str) -> bool:
    """Tell whether volumes carry the class all the same: one made by hand needs no class object."""
    return any(storage_class(volume) == name for volume in world.inventory.of("PersistentVolume"))

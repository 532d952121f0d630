"""A claim without a storage class, in a cluster without a default one."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.storage.binding import storage_class
from tocsin.investigation.diagnosis.reading.storage.claims import default_class, pending, refused
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.volumes import make_default
from tocsin.investigation.diagnosis.world import World, cite_event

_NONE_SET = re.compile(r"no persistent volumes available for this claim and no storage class is set")


@cause("storage", modes=("storage.no_default",), needs=("PersistentVolumeClaim", "StorageClass"))
def no_default_storage_class(world: World) -> Iterator[Finding]:
    """A claim names no storage class, the cluster has no default one, and no volume made by hand is free.

    A claim without a class gets the cluster's default when it is made. Without a default nobody makes a volume for it,
    and it waits without a warning: the event that says so is of type Normal. A claim whose class is the empty text wants
    none, and only a volume that somebody makes by hand can serve it.

    When it is wrong: the claim shall have a volume that an administrator makes by hand, and that is not there yet.
    """
    for claim in pending(world):
        by_hand = any(not storage_class(volume) for volume in world.inventory.of("PersistentVolume"))
        if storage_class(claim) or claim.text("spec/volumeName") or by_hand:
            continue
        told = [e for e in world.events("FailedBinding", about=claim.subject) if _NONE_SET.search(e.message)]
        asked_for_none = claim.get("spec/storageClassName") == ""
        known = world.knows("StorageClass") and not default_class(world) and not asked_for_none
        sure = not asked_for_none or world.knows("PersistentVolume")
        if told or known or asked_for_none:
            classes = [held for held in world.of("StorageClass") if held.text("provisioner")]
            why = "and explicitly none" if asked_for_none else "and the cluster has no default one"
            yield Finding(
                claim.subject,
                f"claim {claim.name} names no storage class, {why}; no free volume fits it",
                cites=[
                    claim.cite("spec", STRONG if sure else MODERATE),
                    *(cite_event(event, CONCLUSIVE) for event in told[:1]),
                ],
                remedies=[
                    look("get", "storageclasses", of=claim.subject, purpose="see which classes there are"),
                    *(make_default(held.subject) for held in classes if len(classes) == 1 and not asked_for_none),
                ],
            )
    for at, read, event in refused(world, "FailedBinding"):
        if not read and _NONE_SET.search(event.message):
            yield Finding(
                at,
                f"claim {at.name} names no storage class, and none is the default; no free volume fits it",
                cites=[cite_event(event, CONCLUSIVE)],
                remedies=[look("get", "storageclasses", of=at, purpose="see which classes there are")],
            )

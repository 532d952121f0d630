"""A volume that could not be deleted or made free again."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import weight_of_flaw
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World, cite_event


@cause("storage", modes=("storage.pv_failed",), needs=("PersistentVolume",))
def volume_failed(world: World) -> Iterator[Finding]:
    """A volume was given back, and deleting it (or making it free again) failed in the storage backend.

    It is still attached somewhere, has snapshots, or the driver may not delete it. Nobody can use it, and it goes on
    to cost.

    When it is wrong: hardly ever; no workload suffers from it, though.
    """
    for volume in world.of("PersistentVolume"):
        told = list(world.events("VolumeFailedDelete", "VolumeFailedRecycle", about=volume.subject))
        if volume.text("status/phase") == "Failed":
            why = volume.text("status/message") or (told[0].message if told else "it does not say why")
            yield Finding(
                volume.subject,
                f"volume {volume.name} was given back and could not be deleted: {opening(why)}",
                cites=[
                    volume.cite("status/phase", weight_of_flaw([volume.name], world.inventory)),
                    *(cite_event(event, MODERATE) for event in told[:1]),
                ],
                remedies=[
                    look("describe", "pv", volume.name, of=volume.subject, purpose="read what the driver says"),
                    look("get", "volumeattachments", of=volume.subject, purpose="see whether it is still attached"),
                ],
            )

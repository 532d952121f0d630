"""A volume that cannot be attached to the node of its pod."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.storage.claims import Mounting, mounting
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World, cite_event

_FAILED = re.compile(r'AttachVolume\.\w+ failed for volume "(?P<volume>[^"]+)"\s*: (?P<why>.+)', re.S)
_LONG = timedelta(minutes=1)


@cause("storage", modes=("storage.attach_failed",), needs=("Pod", "events"))
def volume_attach_failed(world: World) -> Iterator[Finding]:
    """The storage driver cannot attach the pod's volume to its node.

    The backend refuses (the disk is gone, in another zone, the machine has too many), the driver's attacher does not
    run, or the node is not known to the driver.

    When it is wrong: the backend was slow once; attaching is tried again every few minutes.
    """
    for waits in mounting(world, "FailedAttachVolume", _LONG):
        if found := _FAILED.search(waits.event.message):
            at = waits.subject
            yield Finding(
                world.controller(at),
                f"volume {found['volume']} cannot be attached to {waits.where} for {at.name}: {opening(found['why'])}",
                cites=[cite_event(waits.event, CONCLUSIVE)],
                remedies=[
                    look("get", "volumeattachments", of=at, purpose="see what the driver says"),
                    *_drivers(waits),
                ],
            )


def _drivers(waits: Mounting) -> list[Command]:
    pod = waits.pod
    if pod is None:
        return []
    return [look("get", "csinode", pod.node, "-o", "yaml", of=pod.subject, purpose="see which drivers it has")]

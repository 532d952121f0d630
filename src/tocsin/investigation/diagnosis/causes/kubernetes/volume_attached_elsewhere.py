"""A volume for one node at a time, which another node has."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.storage.claims import claims_of, mounting, users_of
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.placement import recreate
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.world import World, cite_event

_HELD = re.compile(r'Multi-Attach error for volume "(?P<volume>[^"]+)"')
# A pod that moves to another node waits as long until its volume follows.
_LONG = timedelta(minutes=2)


@cause("storage", modes=("storage.multi_attach",), needs=("Pod", "events"))
def volume_attached_elsewhere(world: World) -> Iterator[Finding]:
    """The pod's volume may be used on one node at a time (ReadWriteOnce), and it is attached to another one.

    A rolling update makes the new pod on another node while the old one still runs; or the old node was lost, and the
    volume is not detached from it as long as nobody knows that it is really off.

    When it is wrong: the old pod is about to end; a few minutes later the volume follows by itself.
    """
    for waits in mounting(world, "FailedAttachVolume", _LONG):
        if found := _HELD.search(waits.event.message):
            holders = _holders(world, waits.pod) if waits.pod else []
            named = ", ".join(f"{user.name} on {user.node}" for user in holders) or "another node"
            lost = _lost(world, found["volume"], holders)
            yield Finding(
                world.controller(waits.subject),
                f"{waits.subject.name} waits for volume {found['volume']}, which {named} has"
                + (f"; {lost[0].about.name} is not ready" if lost else ""),
                cites=[
                    cite_event(waits.event, CONCLUSIVE),
                    *(user.cite("spec/nodeName", MODERATE) for user in holders),
                    *lost,
                ],
                remedies=_remedies(world, waits.subject, holders),
            )


def _holders(world: World, pod: Pod) -> list[Pod]:
    """Return the pods on other nodes that mount a claim of a pod."""
    users = [user for claim in claims_of(pod) for user in users_of(world, claim)]
    return [user for user in users if user.node not in ("", pod.node)]


def _lost(world: World, volume: str, holders: list[Pod]) -> list[Citation]:
    """Cite the node that has the volume, where it is not ready and so does not let it go."""
    attached = [
        held.text("spec/nodeName")
        for held in world.inventory.of("VolumeAttachment")
        if held.text("spec/source/persistentVolumeName") == volume
    ]
    nodes = [world.inventory.get(Subject("Node", "", name)) for name in (*attached, *(pod.node for pod in holders))]
    told = [node.condition("Ready") for node in nodes if isinstance(node, Node)]
    return [part.cite("status", STRONG) for part in told if part and part.text("status") != "True"]


def _remedies(world: World, pod: Subject, holders: list[Pod]) -> list[Command]:
    columns = "custom-columns=PV:.spec.source.persistentVolumeName,NODE:.spec.nodeName,ATTACHED:.status.attached"
    workload = world.workload(pod)
    own = any(world.controller(user) == world.controller(pod) for user in holders)
    return [
        look("get", "volumeattachments", "-o", columns, of=pod, purpose="see which node has the volume"),
        *(recreate(workload) if workload and own else ()),
    ]

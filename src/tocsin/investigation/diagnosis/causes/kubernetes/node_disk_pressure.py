"""A node that runs out of disk space."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.reading.nodes.pressure import squeezed
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_use
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World, cite_event

_STORAGE = ("ephemeral-storage", "nodefs", "imagefs", "inodes", "nodefs.inodesFree", "imagefs.inodesFree")


@cause("node", modes=("node.disk_pressure",), needs=("Node",))
def node_disk_pressure(world: World) -> Iterator[Finding]:
    """A node runs out of disk space or inodes, and its kubelet evicts pods.

    Images, container logs, emptyDir volumes and whatever containers write share the node's disk. The kubelet first
    deletes unused images, then evicts the pods that use most, and lets no new ones in.

    When it is wrong: the disk has room and the eviction threshold is set too high.
    """
    for held in squeezed(world, "DiskPressure", "disk-pressure", _STORAGE):
        collecting = world.events("FreeDiskSpaceFailed", "ImageGCFailed", "ContainerGCFailed", about=held.node.subject)
        yield Finding(
            held.node.subject,
            held.text("disk space"),
            cites=[*held.cites, *(cite_event(event, MODERATE) for event in collecting)],
            felt_by=held.felt_by(world),
            contributing=_unbounded(world, held.node.subject),
            remedies=[
                cordon(held.node.subject, "its disk is full"),
                look_at_use(held.node.subject),
                describe(held.node.subject),
            ],
        )


def _unbounded(world: World, node: Subject) -> list[str]:
    """Name the pods whose emptyDir may grow until the disk is full."""
    free = sorted(
        pod.name
        for pod in pods_on(world, node)
        if any(
            volume.get("emptyDir/sizeLimit") is None and volume.get("emptyDir/medium") != "Memory"
            for volume in pod.parts("spec/volumes")
            if "emptyDir" in volume.value
        )
    )
    return [f"{len(free)} pods on it have an emptyDir without a limit: {', '.join(free[:4])}"] if free else []

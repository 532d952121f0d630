"""A disk under a volume that fails to read or write."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.storage.volume_use import written
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import complaint_cites
from tocsin.investigation.diagnosis.world import World, cite_event

_COMPLAINT = r"(?i)input/output error|\bEIO\b|structure needs cleaning|I/O error, dev"
_HINT = r"put/output error|EIO|needs cleaning|I/O error"
_EVENTS = ("IOError", "Ext4Error", "Ext4Warning", "XfsShutdown", "DiskBadBlock", "FilesystemIsReadOnly")


@cause("storage", modes=("storage.io_error",), needs=("Pod", "logs"))
def disk_errors(world: World) -> Iterator[Finding]:
    """A program cannot read or write its files because the disk below, or the way to it, fails.

    The disk is failing, its connection was lost, or the file system on it is damaged. It hits whatever uses the same
    disk, and gets worse.

    When it is wrong: a network file system was away for a moment, and the program does not try again.
    """
    for pod, container, line, claim in written(world, _COMPLAINT, _HINT):
        at = Subject("Node", "", pod.node)
        kernel: list[Citation] = [cite_event(event, STRONG) for event in world.events(*_EVENTS, about=at)]
        where = f"the volume of claim {claim.name}" if claim else f"a disk of {pod.node}"
        yield Finding(
            claim or world.controller(pod),
            f"{where} fails under {pod.name}: “{ending(line.text)}”"
            + (f"; the kernel of {pod.node} says so too" if kernel else ""),
            cites=[*complaint_cites(container, line), *kernel[:1]],
            felt_by=[world.controller(pod)],
            remedies=[
                describe(at),
                *(
                    [look("get", "pvc", claim.name, "-o", "yaml", of=claim, purpose="see which volume it is")]
                    if claim
                    else []
                ),
            ],
        )

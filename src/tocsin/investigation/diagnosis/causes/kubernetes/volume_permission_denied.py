"""A program that may not read or write its files."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)(?:open|read|writ|creat|mkdir|chown|access|rdb|file|directory|/).{0,120}permission denied"
    r"|permission denied.{0,80}/|EACCES"
)
_HINT = r"[Pp]ermission denied|PERMISSION DENIED|EACCES"


@cause("storage", needs=("Pod", "logs"))
def volume_permission_denied(world: World) -> Iterator[Finding]:
    """A program may not read or write files on its volume.

    The files belong to another user than the one the container runs as. An fsGroup, the right user, or the volume's
    own permissions mend it.

    When it is wrong: the program tries a path that it should not touch at all.
    """
    for pod, container, line in complaints(world, _COMPLAINT, _HINT):
        if not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} may not use its files: “{ending(line.text)}”",
            cites=complaint_cites(container, line),
            remedies=[read_logs(pod.subject, container.name)],
        )

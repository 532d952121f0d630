"""A file or folder of a volume that cannot be mounted where it shall be."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.signals import Saying, unstarted
from tocsin.investigation.diagnosis.world import World

_SUBPATH = re.compile(
    r'prepare subPath for volumeMount "(?P<volume>[^"]+)" of container|failed to create subPath directory'
    r"|not a directory: (?:unknown: )?Are you trying to mount a directory onto a file"
    r'|error mounting ".*" to rootfs at "(?P<at>[^"]+)"',
    re.I,
)


@cause("configuration", modes=("config.subpath",), needs=("Pod",))
def volume_subpath_invalid(world: World) -> Iterator[Finding]:
    """A container is not started because a part of a volume (subPath) cannot be mounted at its place.

    The volume has a folder where a file is expected or the other way round; the key of a ConfigMap is absent, so that
    an empty folder stands in its place; or the path leads out of the volume.

    When it is wrong: the volume is not filled yet by what comes before it.
    """
    for saying in unstarted(world):
        if found := _SUBPATH.search(saying.text):
            what = f"volume {found['volume']}" if found["volume"] else found["at"] or "a path of a volume"
            yield Finding(
                saying.controller,
                f"{saying.about.name} is not started: {what} cannot be mounted: {ending(saying.text)}",
                cites=[saying.weighing(CONCLUSIVE), *_mounts(saying)],
                remedies=[*rollback(saying.controller), describe(saying.about)],
            )


def _mounts(saying: Saying) -> list[Citation]:
    """Cite the mounts by subPath of the containers that do not start."""
    held = [one for one in saying.pod.containers if not one.ready] if saying.pod else []
    mounts = (mount for container in held for mount in container.spec.parts("volumeMounts"))
    return [mount.cite("subPath", MODERATE) for mount in mounts if mount.text("subPath")][:1]

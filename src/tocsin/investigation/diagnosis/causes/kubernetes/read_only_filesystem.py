"""A program that wants to write where nothing can be written."""

import re
from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Part
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.scratch import mount_scratch
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import complaints, crash_cites
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = r"(?i)read-?only file ?system|EROFS"
_PATH = re.compile(r"(?<![\w/.:])(/[\w.@-]+(?:/[\w.@-]+)*)")


@cause("configuration", modes=("crash.readonly_fs",), needs=("Pod", "logs"))
def read_only_filesystem(world: World) -> Iterator[Finding]:
    """A program may not write a file because it lies on a file system that is read-only.

    Containers hardened with readOnlyRootFilesystem can write only to volumes, and ConfigMaps and Secrets are mounted
    read-only always. A scratch volume (emptyDir) at the folder mends it.

    When it is wrong: the kernel made the disk read-only after errors; then other pods on the volume or node fail too.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        path = next(iter(_PATH.findall(line.text)), "")
        held = _mounted(container, path)
        if held:
            why, cite = f"{held.text('mountPath')} is mounted read-only", held.cite("mountPath", STRONG)
        elif container.spec.get("securityContext/readOnlyRootFilesystem"):
            why = "its root file system is read-only"
            cite = container.cite("securityContext/readOnlyRootFilesystem", STRONG)
        else:
            why, cite = "its file system is read-only", None
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} cannot write {path or 'a file'}: {why}",
            cites=[*crash_cites(container, line), *([cite] if cite else [])],
            remedies=_remedies(world, pod, container, "" if held else path),
        )


def _mounted(container: Container, path: str) -> Part | None:
    """Return the innermost mount that holds a path."""
    mounts = [mount for mount in container.spec.parts("volumeMounts") if _within(path, mount.text("mountPath"))]
    return max(mounts, key=lambda mount: len(mount.text("mountPath")), default=None)


def _within(path: str, folder: str) -> bool:
    return bool(folder) and f"{path}/".startswith(f"{folder.rstrip('/')}/")


def _remedies(world: World, pod: Pod, container: Container, path: str) -> Sequence[Command]:
    folder = path.rpartition("/")[0] if "." in path.rpartition("/")[2] else path
    scratch = mount_scratch(world.controller(pod), container.name, folder) if folder else ()
    return [*scratch, read_logs(pod.subject, container.name, previous=not container.ready)]

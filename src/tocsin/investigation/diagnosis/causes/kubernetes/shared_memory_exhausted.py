"""Shared memory that is too small for a program."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.scratch import mount_scratch
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import complaints, crash_cites, failed
from tocsin.investigation.diagnosis.world import World

_PATH, _SIZE = "/dev/shm", "256Mi"  # noqa: S108 - the name of a mount, nothing is written there
_SIGBUS = 135
_COMPLAINT = (
    r"(?i)(?:no space left|not enough|insufficient|bus error|could not resize|unable to (?:open|write|allocate))"
    r".{0,80}(?:shared memory|/dev/shm)"
    r"|(?:/dev/shm|shared memory).{0,80}(?:no space left|bus error|too small|insufficient)"
)


@cause("memory", modes=("crash.ephemeral_storage_shm",), needs=("Pod",))
def shared_memory_exhausted(world: World) -> Iterator[Finding]:
    """A program needs more shared memory (/dev/shm) than its container has.

    Containers have 64 MiB of it unless a volume in memory is mounted there. Databases, browsers and machine learning
    with several workers need more.

    When it is wrong: the volume that is mounted there is full because files are left behind in it.
    """
    for pod, container, line in complaints(world, _COMPLAINT, hint=r"[Ss]hared memory|/dev/shm"):
        yield _finding(world, pod, container, crash_cites(container, line), f"“{ending(line.text)}”")
    for pod in world.pods:
        for container in pod.containers:
            exit_ = failed(world, pod, container)
            if exit_ and exit_.number("exitCode") == _SIGBUS:
                yield _finding(
                    world, pod, container, [exit_.cite("exitCode", STRONG)], "it died by SIGBUS (exit code 135)"
                )


def _finding(world: World, pod: Pod, container: Container, cites: list[Citation], said: str) -> Finding:
    mounts = [mount for mount in container.spec.parts("volumeMounts") if mount.text("mountPath") == _PATH]
    has = f"the volume at {_PATH} is full" if mounts else "it has the usual 64 MiB"
    shown = mounts[0].cite("name", MODERATE) if mounts else container.cite("volumeMounts", MODERATE)
    return Finding(
        world.controller(pod),
        f"{container.name} in {pod.name} lacks shared memory, {has}: {said}",
        cites=[*cites, shown],
        remedies=_remedies(world, pod, container, bool(mounts)),
    )


def _remedies(world: World, pod: Pod, container: Container, mounted: bool) -> Sequence[Command]:
    larger = () if mounted else mount_scratch(world.controller(pod), container.name, _PATH, memory=_SIZE)
    return [*larger, read_logs(pod.subject, container.name, previous=True)]

"""A sidecar that keeps a pod from being done, or from beginning."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

_LONG = timedelta(minutes=5)


@cause("crash", modes=("crash.sidecar_blocks",), needs=("Pod",))
def sidecar_blocks(world: World) -> Iterator[Finding]:
    """A sidecar keeps its pod from ending, so that a Job is never done, or from starting at all.

    A pod is done when all its containers are. A proxy or log shipper beside the work of a Job runs on for ever. As a
    native sidecar (an init container with restartPolicy Always) it is stopped when the work is done; there, a startup
    probe that fails holds up everything after it.

    When it is wrong: the container that still runs has work of its own to end.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        if now and pod.owner and pod.owner.text("kind") == "Job":
            yield from _unfinished(world, pod, now)
        yield from _unstarted(world, pod, now)


def _unfinished(world: World, pod: Pod, now: datetime) -> Iterator[Finding]:
    """Yield what runs on in a Job's pod after another container did its work."""
    working = [container for container in pod.containers if not container.init and container.status]
    running = [container for container in working if container.status and container.status.part("state/running")]
    done = [(container, end) for container in working if (end := _done(container)) and now - end > _LONG]
    if not running or len(done) + len(running) < len(working) or not done:
        return
    container, end = max(done, key=lambda held: held[1])
    names = ", ".join(other.name for other in running)
    yield Finding(
        world.controller(pod),
        f"{container.name} in {pod.name} was done {ago(end, now)} ago, but {names} runs on: the job cannot complete",
        cites=[
            *(part.status.cite("state/terminated/exitCode", STRONG) for part, _ in done if part.status),
            *(part.status.cite("state/running", STRONG) for part in running if part.status),
        ],
        remedies=[read_logs(pod.subject, running[0].name), describe(pod.subject)],
    )


def _done(container: Container) -> datetime | None:
    """Return when a container ended well."""
    end = container.status.part("state/terminated") if container.status else None
    return end.time("finishedAt") if end and end.number("exitCode") == 0 else None


def _unstarted(world: World, pod: Pod, now: datetime | None) -> Iterator[Finding]:
    """Yield the native sidecars that run, but do not pass their startup probe, for long."""
    for container in pod.containers:
        status = container.status
        if not container.init or not status or container.spec.text("restartPolicy") != "Always":
            continue
        since = status.time("state/running/startedAt")
        if status.get("started") is not False or pod.ready or (now and since and now - since < _LONG):
            continue
        probe = [container.cite("startupProbe", MODERATE)] if container.spec.get("startupProbe") else []
        yield Finding(
            world.controller(pod),
            f"the sidecar {container.name} of {pod.name} does not get started, and everything after it waits",
            cites=[status.cite("started", STRONG), *probe],
            remedies=[read_logs(pod.subject, container.name), describe(pod.subject)],
        )

"""All replicas of a workload that ended at the same time."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.asked import missed
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK, Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_TOGETHER, _STABLE, _LATELY = timedelta(minutes=3), timedelta(minutes=10), timedelta(hours=1)
_LEAST = 2


@cause("crash", modes=("crash.all_restarting",), needs=("Pod",), own=False)
def restart_storm(world: World) -> Iterator[Finding]:
    """All replicas of a workload, on several nodes, ran well for a while and then ended at the same time.

    Nothing was rolled out and no single node is to blame, so it is something that they share: a dependency that a
    liveness probe asks, configuration that was read anew, a credential or certificate that expired.

    When it is wrong: they were all stopped on purpose, or all filled up in step under the same load. It is told only
    where replicas are missing or somebody asked.
    """
    now = world.snapshot.captured_at
    for workload in world.workloads:
        pods = world.pods_of(workload.subject)
        ends = [(pod, end) for pod in pods if (end := _end(pod))]
        if not now or len(pods) < _LEAST or len(ends) < len(pods) or not missed(workload, world.inventory):
            continue
        times = [at for _, end in ends if (at := end.time("finishedAt"))]
        spread = max(times) - min(times)
        nodes = {pod.node for pod in pods}
        if spread > _TOGETHER or now - max(times) > _LATELY or len(nodes) < _LEAST:
            continue
        yield Finding(
            workload.subject,
            f"all {len(pods)} pods of {workload.name}, on {len(nodes)} nodes, ended within "
            f"{int(spread.total_seconds())} s after they had run well: something that they share",
            cites=[end.cite("finishedAt", STRONG if workload.lacking else WEAK) for _, end in ends],
            remedies=_looks(workload.subject),
        )


def _end(pod: Pod) -> Part | None:
    """Return how a pod's container ended last, if it had run well for long and was not there only for a rollout."""
    for container in pod.containers:
        exit_ = container.last_exit if not container.init else None
        began, ended = (exit_.time("startedAt"), exit_.time("finishedAt")) if exit_ else (None, None)
        if exit_ and began and ended and ended - began > _STABLE and container.restarts:
            return exit_
    return None


def _looks(workload: Subject) -> list[Command]:
    columns = (
        "custom-columns=POD:.metadata.name,NODE:.spec.nodeName,RESTARTS:.status.containerStatuses[*].restartCount,"
        "ENDED:.status.containerStatuses[*].lastState.terminated.finishedAt"
    )
    return [
        look("get", "pods", "-o", columns, of=workload, purpose="see whether they ended together, and on which nodes"),
        look("get", "events", "--sort-by=.lastTimestamp", of=workload, purpose="see what else happened at that time"),
    ]

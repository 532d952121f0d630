"""A container that was killed, and not for its memory."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.reading.pods.probing import killed_by_probe
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.signals import failed
from tocsin.investigation.diagnosis.world import World, cite_event

_KILLED = 137
_USUAL_GRACE = 30


@cause("crash", modes=("crash.sigkill_nonoom",), needs=("Pod", "events"), own=False)
def container_killed(world: World) -> Iterator[Finding]:
    """A container was killed (SIGKILL), and not because it passed its memory limit.

    Exit code 137 alone does not mean memory: the reason would be OOMKilled. Mostly the program was asked to stop
    (SIGTERM) and did not within its grace period: it does not hear the signal because a shell stands before it, or it
    takes too long.

    When it is wrong: the kernel killed a child of the program for memory, of which Kubernetes is not told.
    """
    for pod in world.pods:
        if pod.leaving or killed_by_probe(world, pod):
            continue
        for container in pod.containers:
            exit_ = failed(world, pod, container)
            if not exit_ or exit_.number("exitCode") != _KILLED or exit_.text("reason") != "Error":
                continue
            asked_for = pod.number("spec/terminationGracePeriodSeconds")
            grace = _USUAL_GRACE if asked_for is None else asked_for
            stops = [*world.events("ExceededGracePeriod", "Killing", about=pod.subject)][:1]
            asked = f"; it was asked to stop and has {grace} s for it" if stops else ""
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} was killed, and not for memory (exit code 137, reason Error){asked}",
                cites=[
                    exit_.cite("exitCode", WEAK if container.ready else MODERATE),
                    *(cite_event(event, STRONG if event.reason == "ExceededGracePeriod" else WEAK) for event in stops),
                ],
                remedies=[read_logs(pod.subject, container.name, previous=True), describe(pod.subject)],
            )

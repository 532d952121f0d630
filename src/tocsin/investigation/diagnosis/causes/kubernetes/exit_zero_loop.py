"""A program that ends well and is started again and again."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.reading.pods.probing import killed_by_probe
from tocsin.investigation.diagnosis.remedies.workloads import read_logs, rollback
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.signals import GIVES_UP, last_words
from tocsin.investigation.diagnosis.world import World

_OFTEN = 3


@cause("crash", modes=("crash.exit0_loop",), needs=("Pod",))
def exit_zero_loop(world: World) -> Iterator[Finding]:
    """The program does its work and ends without an error, and is started again because its workload is to run for ever.

    A command that is done at some time belongs into a Job. Or the program goes into the background and leaves its
    shell, or it lacks arguments and only prints its help.

    When it is wrong: the program ends because something it needs is away, and does not tell so by its exit code.
    """
    for pod in world.pods:
        for container in pod.containers:
            exit_, status = container.last_exit, container.status
            if not exit_ or not status or exit_.number("exitCode") != 0 or not _loops(container):
                continue
            if killed_by_probe(world, pod) or last_words(world, pod, container.name, GIVES_UP):
                continue
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} ends with exit code 0 and is started again, "
                f"{container.restarts} times so far: it does not stay running",
                cites=[
                    exit_.cite("exitCode", STRONG),
                    status.cite("restartCount", MODERATE),
                    container.cite("command" if container.spec.get("command") else "image", WEAK),
                ],
                remedies=[
                    read_logs(pod.subject, container.name, previous=True),
                    *rollback(world.controller(pod)),
                ],
            )


def _loops(container: Container) -> bool:
    waits = container.waiting
    return (
        not container.init
        and container.restarts >= _OFTEN
        and bool(waits and waits.text("reason") == "CrashLoopBackOff")
    )

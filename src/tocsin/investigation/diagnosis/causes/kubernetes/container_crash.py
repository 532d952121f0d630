"""An application ended with an error of its own."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import GIVES_UP, failed, last_words
from tocsin.investigation.diagnosis.world import World

# 128 + the number of a signal: the program did not end by itself.
_SIGNALS = range(129, 160)


@cause("crash", modes=("crash.app_error",), needs=("Pod",), own=False)
def container_crash(world: World) -> Iterator[Finding]:
    """The program in a container ended with an error, again and again.

    Kubernetes starts it anew each time, with growing pauses (CrashLoopBackOff). What went wrong is known to the
    program alone: its last lines say it, and the exit code hints at it.

    When it is wrong: something outside killed it (a probe, the kernel), or it only gave up because what it depends on
    is away.
    """
    for pod in world.pods:
        for container in pod.containers:
            exit_ = None if container.init else failed(world, pod, container)
            code = exit_.number("exitCode") if exit_ else None
            if not exit_ or not code or exit_.text("reason") != "Error" or code in _SIGNALS:
                continue
            words = last_words(world, pod, container.name, GIVES_UP)
            said = f": “{opening(words.text)}”" if words else ""
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} exits with code {code}, {container.restarts} restarts so far{said}",
                cites=[exit_.cite("exitCode", WEAK), *([words.cite(WEAK)] if words else [])],
                remedies=[read_logs(pod.subject, container.name, previous=True)],
            )

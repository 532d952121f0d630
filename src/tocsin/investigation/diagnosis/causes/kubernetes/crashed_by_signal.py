"""A program that the processor or the kernel stopped."""

from collections.abc import Iterator, Mapping

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import read_logs, rollback
from tocsin.investigation.diagnosis.signals import failed, last_words
from tocsin.investigation.diagnosis.world import World

# Exit codes as a shell and the container runtimes write them: 128 + the signal's number (Linux, signal(7)).
_SIGNALS: Mapping[int, str] = {
    132: "SIGILL, an instruction that this processor does not have",
    134: "SIGABRT, it gave up by itself",
    136: "SIGFPE, an impossible calculation",
    139: "SIGSEGV, a memory access that is not allowed",
}
_COMPLAINT = r"(?i)abort|assert|fatal|panic|segfault|segmentation|illegal instruction|signal|core dumped|heap"


@cause("crash", modes=("crash.signal",), needs=("Pod",))
def crashed_by_signal(world: World) -> Iterator[Finding]:
    """The program was stopped by a signal that means a fault in it: a bad memory access, an abort, an unknown instruction.

    It is a fault in native code: in the program, a library, or a driver. An unknown instruction (SIGILL) means that
    it was built for a newer processor than this node has.

    When it is wrong: damaged data or memory makes a good program fail.
    """
    for pod in world.pods:
        for container in pod.containers:
            exit_ = failed(world, pod, container)
            code = exit_.number("exitCode") if exit_ else None
            if not exit_ or code is None or code not in _SIGNALS:
                continue
            words = last_words(world, pod, container.name, _COMPLAINT)
            said = f": “{opening(words.text)}”" if words else ""
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} on {pod.node} dies by {_SIGNALS[code]} (exit code {code}), "
                f"{container.restarts} restarts so far{said}",
                cites=[
                    exit_.cite("exitCode", WEAK if container.ready else STRONG),
                    *([words.cite(WEAK)] if words else []),
                ],
                remedies=[*rollback(world.controller(pod)), read_logs(pod.subject, container.name, previous=True)],
            )

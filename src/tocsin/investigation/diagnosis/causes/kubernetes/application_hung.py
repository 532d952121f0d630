"""An application that runs, and does nothing."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.load.measurements import traffic
from tocsin.investigation.diagnosis.reading.load.propagation import callers, troubles
from tocsin.investigation.diagnosis.remedies.workloads import read_logs, restart
from tocsin.investigation.diagnosis.signals import bothers, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)found (?:one|\d+) java-level deadlock|all goroutines are asleep - deadlock|has been blocked for \d{5,12} ms"
    r"|thread starvation or clock leap"
)
# A service that answers less than one in fifty of its usual requests has stopped.
_STOPPED = 0.02


@cause("application", modes=("app.deadlock",), needs=("Pod",))
def application_hung(world: World) -> Iterator[Finding]:
    """A process lives and answers its probes, but does no work: its threads wait for each other, or for ever.

    Kubernetes sees nothing wrong. The application says so itself, or it has stopped to answer while those who call it
    fail or wait. A new start helps until the same happens again; a thread dump taken before it shows who waits for whom.

    When it is wrong: nobody calls it any more, or it waits for something outside that does not answer.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} stands still: “{ending(line.text)}”",
            cites=[line.cite(CONCLUSIVE)],
            remedies=[read_logs(pod.subject, container.name), *restart(world.controller(pod))],
        )
    yield from _stopped(world)


def _stopped(world: World) -> Iterator[Finding]:
    """Yield the ready workloads that answer next to nothing although their callers fail or wait."""
    held = troubles(world)
    for rate in traffic(world):
        workload, waiting = world.workload(rate.workload), callers(world, held, rate.workload)
        if workload and not workload.lacking and rate.metric.baseline and rate.ratio < _STOPPED and waiting:
            yield Finding(
                workload.subject,
                f"{workload.name} is ready and answers nothing: {rate.metric.name} is {rate.told}; "
                f"{waiting[0].workload.name} waits for it",
                cites=[rate.cite(STRONG), *(other.measured[0].cite(MODERATE) for other in waiting[:1])],
                remedies=list(restart(workload.subject)),
            )

"""A service that answers slowly of its own accord."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.measurements import slow, throttled
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World


@cause("latency", needs=("metrics",))
def service_slow(world: World) -> Iterator[Finding]:
    """A service takes far longer than usual, and neither what it calls nor its CPU limit explains it.

    Callers that wait for it are slow too; this one is slow by itself. The network to it delays packets, or the
    application waits for something that is not measured: a lock, a disk, a service outside.

    When it is wrong: it calls something that nobody measures or lists among its dependencies.
    """
    late = slow(world)
    held_back = {held.workload for held in throttled(world)}
    troubled = {held.workload for held in late} | held_back
    for held in late:
        below = world.topology.upstream(held.workload)
        if held.workload in held_back or any(below.get(other, 0) > 0 for other in troubled):
            continue
        usual = f", usually {held.metric.baseline:.3g}" if held.metric.baseline else ""
        yield Finding(
            held.workload,
            f"{held.subject.name} is slow by itself: {held.metric.name} is {held.metric.value:.3g} {held.metric.unit}{usual}",
            cites=[held.cite(MODERATE)],
            remedies=[
                look("get", "pods", "-o", "wide", of=held.workload, purpose="see whether slow pods share a node")
            ],
        )

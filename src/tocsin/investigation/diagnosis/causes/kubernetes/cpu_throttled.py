"""A workload that is kept from the CPU by its own limit."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK
from tocsin.investigation.diagnosis.measurements import slow, throttled
from tocsin.investigation.diagnosis.remedies.resources import raise_cpu_limit
from tocsin.investigation.diagnosis.world import World


@cause("cpu", needs=("metrics",))
def cpu_throttled(world: World) -> Iterator[Finding]:
    """A workload answers slowly because its CPU limit holds it back.

    In each tenth of a second a container may use so much CPU as its limit allows; then it stands still until the next
    one begins. Requests wait, although the node may have CPU to spare.

    When it is wrong: it uses more CPU because something else makes it work harder; a higher limit only moves the wait.
    """
    late = {held.workload: held for held in reversed(slow(world))}
    for held in throttled(world):
        slower = late.get(held.workload)
        callers = [other for other in late.values() if held.workload in world.topology.upstream(other.workload)]
        if not slower and not callers:
            continue
        told = slower or callers[0]
        workload, times = world.workload(held.workload), f"{told.ratio:.0f} times its usual time"
        yield Finding(
            held.workload,
            f"{held.workload.name} is held back by its CPU limit; {told.subject.name} takes {times}",
            cites=[held.cite(STRONG if slower else WEAK), told.cite(STRONG if slower else WEAK)],
            remedies=raise_cpu_limit(held.workload, workload.containers) if workload else (),
        )

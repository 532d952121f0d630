"""An application whose memory grows without end."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.load.measurements import Measurement, busier, grown
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs, restart
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"OutOfMemoryError: (?:Java heap space|GC overhead|Metaspace)|JavaScript heap out of memory"
    r"|runtime: out of memory|\bMemoryError\b|System\.OutOfMemoryException"
)
# Close to the limit the kernel is about to end it.
_NEAR = 0.8


@cause("memory", modes=("app.leak",), needs=("Pod",))
def memory_leak(world: World) -> Iterator[Finding]:
    """An application keeps more and more memory, although it has no more to do than usual.

    It forgets to let go of what it no longer needs. It gets slow, runs out of its own heap, or is killed at its limit;
    after a new start it begins again. The growth matters once the limit is near, or the heap is used up.

    When it is wrong: the heap is merely too small for the load, or a cache is filling up to its bound.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} has used up its own memory: “{ending(line.text)}”",
            cites=complaint_cites(container, line),
            remedies=[read_logs(pod.subject, container.name, previous=line.run == "previous")],
        )
    working = {held.workload for held in busier(world)}
    for held in grown(world):
        if held.workload not in working and (limit := _limit(world, held)) and held.metric.value > _NEAR * limit:
            yield Finding(
                held.workload,
                f"{held.workload.name} uses {held.ratio:.1f} times its usual memory,"
                f" {held.metric.value / limit:.0%} of its limit",
                cites=[held.cite(STRONG)],
                remedies=[
                    look("top", "pods", "--containers", of=held.workload, purpose="see whether it still grows"),
                    *restart(held.workload),
                ],
            )


def _limit(world: World, held: Measurement) -> float:
    """Return the memory limit (bytes) of what was measured; 0 where there is none."""
    workload, name = world.workload(held.workload), held.metric.labels.get("container", "")
    limits = [c.amount("limits", "memory") for c in (workload.containers if workload else ()) if name in ("", c.name)]
    return float(sum(limit for limit in limits if limit)) if limits and all(limits) else 0.0

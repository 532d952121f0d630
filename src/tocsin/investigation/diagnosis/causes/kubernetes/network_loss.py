"""A network that loses packets of a pod, or of a whole node."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.load.measurements import Measurement, losing, resending
from tocsin.investigation.diagnosis.reading.load.propagation import Trouble, origins, resends, shared_node, troubles
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.world import World


@cause("network", needs=("metrics", "Pod"))
def network_loss(world: World) -> Iterator[Finding]:
    """Packets of a pod, or of all pods of a node, get lost: some requests are fast and others hang or break.

    TCP sends a lost segment again after 0.2 seconds or more, each time twice as late. So the tail of the latencies
    grows while the median stays, segments are sent again, and connections are cut off. Packets that a counter tells as
    lost speak for themselves; without one, segments sent again with slow tails or broken requests do.

    When it is wrong: the counter tells of packets dropped on purpose, or of a short burst that is over.
    """
    roots = origins(world, troubles(world))
    lost, again = losing(world), resending(world)
    for held in lost:
        yield from _told(world, held, CONCLUSIVE, roots)
    if lost or not resends(roots):
        return
    shared = shared_node(world, roots)
    for held in again:
        if held.workload.kind != "Node" or held.workload == shared:
            yield from _told(world, held, STRONG, roots)


def _told(world: World, held: Measurement, weight: float, roots: Sequence[Trouble]) -> Iterator[Finding]:
    """Yield a finding where somebody suffers; what nobody feels is left alone."""
    at, here = held.workload, [root for root in roots if _near(world, root.workload, held.workload)]
    if not here:
        return
    names = ", ".join(sorted(root.workload.name for root in here))
    pods = look("get", "pods", "-o", "wide", of=at, purpose="see on which nodes the pods run")
    yield Finding(
        at,
        f"{at.name} loses packets: {held.metric.name} is {held.told}; felt by {names}",
        cites=[held.cite(weight), *(root.measured[0].cite(MODERATE) for root in here)],
        felt_by=[root.workload for root in here],
        remedies=[look_at_pods(at) if at.kind == "Node" else pods],
    )


def _near(world: World, workload: Subject, at: Subject) -> bool:
    """Tell whether a workload is, or runs on, what was measured."""
    return at == workload or any(pod.node == at.name for pod in world.pods_of(workload) if at.kind == "Node")

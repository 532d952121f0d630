"""A network that delays what a pod, or a whole node, sends and receives."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.load.measurements import Measurement, busier, losing, resending
from tocsin.investigation.diagnosis.reading.load.propagation import (
    Trouble,
    callers,
    origins,
    resends,
    scattered,
    shared_node,
    troubles,
)
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import cordon
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.world import World

# A delay adds the same to every message, so it shows best where answers are quick: tens of times, and over 0.1 s.
_TIMES, _SECONDS = 10.0, 0.1
# Work gets slower by times; what waits for packets, by hundreds of times.
_FAR = 100.0


@cause("network", needs=("metrics", "Pod"))
def network_delay(world: World) -> Iterator[Finding]:
    """Packets reach or leave a pod late, or all pods of one node: everything that they are asked takes long.

    The service is slow at the median, not only at times, although it works less than usual and nothing that it calls
    explains it; who calls it waits as well. Where several services are slow of their own accord and share one node, or
    a node has to send much again, the network of that node is slow: a cable, a driver, an overloaded overlay, a rule of
    the traffic shaper.

    When it is wrong: the application itself waits for a lock, a disk or a service outside that nobody measures.
    """
    held = troubles(world)
    roots = origins(world, held)
    working = {of.workload for of in busier(world)}
    late = [root for root in roots if _late(root) and root.workload not in working]
    again = resending(world)
    if not late or losing(world) or (again and resends(roots)):
        return
    node = shared_node(world, roots) if len(roots) > 1 or again else None
    if node:
        yield _of_node(world, node, roots, again)
        return
    for root in () if scattered(late) else late:
        yield _of_pod(root, callers(world, held, root.workload))


def _late(root: Trouble) -> bool:
    """Tell whether requests wait very long, or fail without coming to an end that could be measured."""
    return any(map(_delayed, root.slow)) or bool(root.failing and root.stalled)


def _delayed(held: Measurement) -> bool:
    return held.ratio >= _TIMES and (held.wait is None or held.wait >= _SECONDS)


def _of_pod(root: Trouble, waiting: Sequence[Trouble]) -> Finding:
    worst, name = root.measured[0], root.workload.name
    told = f"{worst.metric.name} is {worst.told}"
    who = f"; {', '.join(sorted(other.workload.name for other in waiting))} wait for it" if waiting else ""
    return Finding(
        root.workload,
        f"{name} answers late although nothing that it calls is slow: {told}{who}",
        cites=[
            *(held.cite(STRONG if root.throughout and held.ratio >= _FAR else MODERATE) for held in root.slow),
            *(held.cite(MODERATE) for held in (*root.failing, *root.stalled)),
            *(other.slow[0].cite(WEAK) for other in waiting[:1] if other.slow),
        ],
        remedies=[
            look("get", "pods", "-o", "wide", of=root.workload, purpose="see on which nodes the slow pods run"),
            *restart(root.workload),
        ],
    )


def _of_node(world: World, node: Subject, roots: Sequence[Trouble], again: Sequence[Measurement]) -> Finding:
    names = ", ".join(sorted(root.workload.name for root in roots))
    sent = f"; {again[0].metric.name} at {again[0].subject.name}: {again[0].told}" if again else ""
    return Finding(
        node,
        f"the network of {node.name} is slow: nothing else explains the trouble of {names} on it{sent}",
        cites=[
            *(root.measured[0].cite(MODERATE) for root in roots),
            *(held.cite(STRONG if held.subject == node else MODERATE) for held in again),
            *_placed(world, node, roots[1:]),
        ],
        felt_by=[root.workload for root in roots],
        remedies=[
            look("describe", "node", node.name, of=node, purpose="read the node's conditions and who runs on it"),
            cordon(node, "other nodes have room for what is moved there, and moving it shows whether it is the node"),
        ],
    )


def _placed(world: World, node: Subject, roots: Sequence[Trouble]) -> Iterator[Citation]:
    """Cite that the others are on the same node, too."""
    for root in roots:
        placed = [pod for pod in world.pods_of(root.workload) if pod.node == node.name]
        yield from (pod.cite("spec/nodeName", WEAK) for pod in placed[:1])

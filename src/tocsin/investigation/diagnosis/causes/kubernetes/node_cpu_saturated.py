"""A node whose CPU is used up, so that its pods wait for one another."""

from collections.abc import Iterator
from fractions import Fraction

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK, Citation
from tocsin.investigation.diagnosis.quantity import cores_text
from tocsin.investigation.diagnosis.reading.load.measurements import Measurement, slow
from tocsin.investigation.diagnosis.reading.load.usage import Usage, node_usages, requested, usages
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_use
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.world import World

# Above that, processes wait for a CPU most of the time.
_FULL = Fraction(95, 100)


@cause("cpu", needs=("Node", "metrics"))
def node_cpu_saturated(world: World) -> Iterator[Finding]:
    """A node's CPU is used up, and pods on it answer slowly or not at all.

    Pods share what there is in proportion to their requests; one that requested little gets little as soon as others
    want more. A neighbour that uses far more than it requested starves them.

    When it is wrong: the node is busy as always, and the pods are slow for a reason of their own.
    """
    for node, used, cite in _full(world):
        here = pods_on(world, node.subject)
        late, hung = _late(world, here), [pod for pod in here if _hangs(pod)]
        if late or hung:
            greedy = _greediest(world, here)
            most = (
                f"; {greedy.container or 'one'} in {greedy.pod.name} uses {cores_text(greedy.amount)}" if greedy else ""
            )
            yield Finding(
                node.subject,
                f"node {node.name} uses {cores_text(used)} of {cores_text(node.allocatable('cpu') or 0)} CPUs{most}",
                cites=[
                    cite,
                    *(held.cite(MODERATE) for held in late),
                    *(pod.cite("status/conditions", WEAK) for pod in hung),
                    *([greedy.cite] if greedy else []),
                ],
                remedies=[
                    cordon(node.subject, "its CPU is used up"),
                    look_at_use(node.subject),
                    describe(node.subject),
                ],
            )


def _full(world: World) -> Iterator[tuple[Node, Fraction, Citation]]:
    used = node_usages(world, "cpu")
    for node in world.nodes if used else ():
        most = node.allocatable("cpu")
        if most and node.subject in used and used[node.subject][0] >= _FULL * most:
            yield node, *used[node.subject]


def _late(world: World, here: list[Pod]) -> list[Measurement]:
    """Return the slow latencies of workloads all of whose pods are on the node."""
    names = {pod.subject for pod in here}
    late = ((held, world.pods_of(held.workload)) for held in slow(world))
    return [held for held, pods in late if pods and all(pod.subject in names for pod in pods)]


def _hangs(pod: Pod) -> bool:
    """Tell whether a pod runs without being ready, and nothing of it ended or waits."""
    idle = any(held.waiting or held.last_exit for held in pod.containers if not held.init)
    return pod.phase == "Running" and not pod.ready and not pod.leaving and not idle


def _greediest(world: World, here: list[Pod]) -> Usage | None:
    """Return who uses most CPU above its request."""
    pods = {pod.subject: pod for pod in here}
    above = [
        (use.amount - requested(pods[use.pod], use.container, "cpu"), use)
        for use in usages(world, "cpu")
        if use.pod in pods
    ]
    excess, use = max(above, key=lambda pair: (pair[0], pair[1].pod, pair[1].container), default=(Fraction(0), None))
    return use if excess > 0 else None

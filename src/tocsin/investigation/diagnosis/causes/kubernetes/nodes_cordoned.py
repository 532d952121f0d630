"""Nodes that would take a pod, were they not cordoned."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.workloads.placement import controls, holds, suits, wants_labels
from tocsin.investigation.diagnosis.remedies.nodes import uncordon
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"were unschedulable|had (?:untolerated )?taint \{node\.kubernetes\.io/unschedulable"
# Others may be full as ever; what is not usual is that a node which could hold the pod takes none.
_HOLDING = 0.7


@cause("scheduling", modes=("sched.cordoned",), needs=("Pod", "Node"))
def nodes_cordoned(world: World) -> Iterator[Finding]:
    """The nodes on which the pod could run are cordoned: they take no new pods.

    Nodes are cordoned for maintenance and easily forgotten. Running pods stay; new ones must go elsewhere. That nodes
    of the control plane take no pods is normal, unless there are no others.

    When it is wrong: the maintenance goes on; then the pod needs other nodes, not these.
    """
    for saying in unscheduled(world):
        share = nodes_refusing(saying.text, _PHRASE)
        closed = [node for node in world.nodes if node.cordoned and (not saying.pod or suits(saying.pod, node))]
        cordoned = [node for node in closed if not controls(node)] if _others(world, saying.pod) else closed
        if not share or (closed and not cordoned):
            continue
        picky = bool(saying.pod and wants_labels(saying.pod) and cordoned)
        open_ = any(not node.cordoned and saying.pod and suits(saying.pod, node) for node in world.nodes)
        weight = 1.0 if picky and not open_ else max(share, _HOLDING if _roomy(saying.pod, cordoned) else 0.0)
        named = ", ".join(node.name for node in cordoned) or f"{share:.0%} of the nodes"
        yield Finding(
            saying.controller,
            f"{saying.about.name} waits for a node, and these are cordoned: {named}",
            cites=[
                saying.weighing(CONCLUSIVE * weight),
                *(node.cite("spec/unschedulable", STRONG * weight) for node in cordoned),
            ],
            remedies=[uncordon(node.subject) for node in cordoned],
        )


def _others(world: World, pod: Pod | None) -> bool:
    """Tell whether a pod could run on nodes besides those of the control plane, by its labels."""
    return any(not controls(node) and (not pod or suits(pod, node)) for node in world.nodes)


def _roomy(pod: Pod | None, nodes: Sequence[Node]) -> bool:
    """Tell whether one of the nodes is known to be large enough for a pod."""
    return any(
        pod is not None and all(node.allocatable(kind) and holds(pod, node, kind) for kind in ("cpu", "memory"))
        for node in nodes
    )

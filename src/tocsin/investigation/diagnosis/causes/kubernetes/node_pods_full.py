"""Nodes that hold as many pods as they may."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.node_state import pods_on
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_TOO_MANY = "Too many pods"
_ENDED = ("Succeeded", "Failed")


@cause("scheduling", modes=("node.max_pods",), needs=("Pod", "Node"))
def node_pods_full(world: World) -> Iterator[Finding]:
    """A pod waits because the nodes already hold as many pods as they may, whatever CPU and memory they have left.

    A kubelet takes 110 pods unless told otherwise; some clouds allow fewer, as many as a node can have addresses.

    When it is wrong: other nodes have room for pods, but the pod does not suit them.
    """
    for saying in unscheduled(world):
        share = nodes_refusing(saying.text, _TOO_MANY) if _TOO_MANY in saying.text else 0.0
        full = [node for node in world.nodes if (most := _most(node)) and _held(world, node) >= most]
        known = full or [node for node in world.nodes if _most(node)]
        if share and known:
            least = min(known, key=lambda node: (_most(node), node.name))
            held = f"{least.name} holds {_held(world, least)} of " if full else f"{least.name} takes "
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: {share:.0%} of the nodes take no more pods; {held}{_most(least)}",
                cites=[
                    saying.weighing(CONCLUSIVE * share),
                    *(node.cite("status/allocatable/pods", STRONG if node in full else MODERATE) for node in known),
                ],
                remedies=[look_at_pods(least.subject)],
            )


def _most(node: Node) -> int:
    return int(node.allocatable("pods") or 0)


def _held(world: World, node: Node) -> int:
    return sum(pod.phase not in _ENDED for pod in pods_on(world, node.subject))

"""Nodes that hold as many pods as they may."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_TOO_MANY = "Too many pods"
_ENDED = ("Succeeded", "Failed")
# More nodes of the same kind prove nothing more.
_SHOWN = 3


@cause("scheduling", modes=("node.max_pods",), needs=("Pod", "Node"))
def node_pods_full(world: World) -> Iterator[Finding]:
    """A pod waits because the nodes already hold as many pods as they may, whatever CPU and memory they have left.

    A kubelet takes 110 pods unless told otherwise; some clouds allow fewer, as many as a node can have addresses.

    When it is wrong: other nodes have room for pods, but the pod does not suit them.
    """
    bounded = [node for node in world.nodes if _most(node)]
    full = [node for node in bounded if _held(world, node) >= _most(node)]
    for saying in unscheduled(world):
        share = nodes_refusing(saying.text, _TOO_MANY) if _TOO_MANY in saying.text else 0.0
        known = full or bounded
        if share and known:
            least = min(known, key=lambda node: (_most(node), node.name))
            held = f"{least.name} holds {_held(world, least)} of " if full else f"{least.name} takes "
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: {share:.0%} of the nodes take no more pods; {held}{_most(least)}",
                cites=[
                    saying.weighing(CONCLUSIVE * share),
                    *(node.cite("status/allocatable/pods", STRONG if full else MODERATE) for node in known[:_SHOWN]),
                ],
                remedies=[look_at_pods(least.subject)],
            )


def _most(node: Node) -> int:
    return int(node.allocatable("pods") or 0)


def _held(world: World, node: Node) -> int:
    return sum(pod.phase not in _ENDED for pod in pods_on(world, node.subject))

"""A node that becomes not ready and ready again and again."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import cordon
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.world import World, cite_event

_LATELY = timedelta(hours=1)
_OFTEN = 3


@cause("node", modes=("node.flapping",), needs=("Node", "events"))
def node_flapping(world: World) -> Iterator[Finding]:
    """A node went from ready to not ready several times within an hour.

    Each time its pods leave the Services and come back. Its kubelet reports too late now and then: the machine is
    overloaded, its disk or network stalls, or its clock jumps.

    When it is wrong: somebody restarts the kubelet or the machine again and again, in a maintenance.
    """
    for node in world.nodes:
        lost = [
            event
            for event in world.events("NodeNotReady", about=node.subject)
            if world.snapshot.within(event.first, _LATELY)
        ]
        times = sum(event.count for event in lost)
        if times >= _OFTEN:
            yield Finding(
                node.subject,
                f"node {node.name} became not ready {times} times within an hour",
                cites=[cite_event(event, CONCLUSIVE) for event in lost],
                remedies=[
                    cordon(node.subject, "it comes and goes"),
                    _lease(node),
                    describe(node.subject),
                ],
            )


def _lease(node: Node) -> Command:
    words = ("get", "lease", node.name, "-n", "kube-node-lease", "--watch")
    return look(*words, of=node.subject, purpose="see how regularly its kubelet reports (every 10 s)")

"""A node that was rebooted."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.asked import asked_about_node
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.symptoms import replaced
from tocsin.investigation.diagnosis.world import World, cite_event

_LATELY = timedelta(hours=1)


@cause("node", modes=("node.rebooted",), needs=("Node", "events"))
def node_rebooted(world: World) -> Iterator[Finding]:
    """A node was rebooted not long ago, and everything on it with it.

    All its containers end at once and start anew when the kubelet is back. A kernel crash, a maintenance of the host,
    or somebody did it.

    When it is wrong: the reboot was planned, and what fails now failed before it. One after which all is back is told
    only to who asks.
    """
    for node in world.nodes:
        for event in world.events("Rebooted", about=node.subject):
            there = (pod for pod in pods_on(world, node.subject) if not replaced(pod, world.inventory))
            hit = [pod for pod in there if not pod.ready or _restarted(pod, world)]
            hurts = not all(pod.ready for pod in hit) or asked_about_node(node, hit, world.inventory)
            if hurts and hit and event.last and world.snapshot.within(event.last, _LATELY):
                yield Finding(
                    node.subject,
                    f"node {node.name} was rebooted at {event.last:%H:%M}; {len(hit)} of its pods restarted or are not back",
                    cites=[cite_event(event, STRONG), *(_cite(pod) for pod in hit)],
                    remedies=[
                        describe(node.subject),
                        look(
                            "get",
                            "events",
                            "-n",
                            "default",
                            "--field-selector",
                            f"involvedObject.name={node.name}",
                            of=node.subject,
                            purpose="see what the node reported before it",
                        ),
                    ],
                )
                break


def _restarted(pod: Pod, world: World) -> bool:
    ends = (held.last_exit.time("finishedAt") for held in pod.containers if held.last_exit)
    return any(world.snapshot.within(at, _LATELY) for at in ends)


def _cite(pod: Pod) -> Citation:
    ends = (held.last_exit for held in pod.containers if held.last_exit)
    ended = next(ends, None)
    return ended.cite("exitCode", MODERATE) if ended else pod.cite("status/phase", MODERATE)

"""A node whose container runtime does not run or does not answer."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, WEAK, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.nodes.state import RUNTIMES, ailing, pods_on, running, stopped
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_pods, start_service
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World, cite_event

_UNANSWERED = re.compile(
    r"(?:containerd|crio|cri-dockerd|dockershim|docker)\.sock.{0,80}(?:refused|no such file)", re.I
)


@cause("node", modes=("node.notready_runtime",), needs=("Node",))
def container_runtime_down(world: World) -> Iterator[Finding]:
    """The container runtime of a node (containerd, CRI-O, Docker) does not run, or does not answer its kubelet.

    Containers that run go on, but none is started, stopped or inspected: the kubelet reports the node as not ready,
    with “container runtime is down” or “PLEG is not healthy”. It crashed, hangs on a slow disk, or has too many
    containers to list.

    When it is wrong: the service that is down is not the runtime that this kubelet uses.
    """
    alive = running(world, *RUNTIMES)
    for held in stopped(world, *RUNTIMES):
        if held.node.name not in alive:
            yield Finding(
                held.node,
                f"{held.service} on {held.node.name} is {held.state}: no container is started or stopped there",
                cites=[held.cite, *_unanswered(world, held.node)],
                remedies=[start_service(held.node, held.service), look_at_pods(held.node)],
            )
    for node, ready in ailing(world, "runtime"):
        yield Finding(
            node.subject,
            f"the container runtime of {node.name} does not answer its kubelet: {opening(ready.text('message'))}",
            cites=[
                ready.cite("message", CONCLUSIVE),
                ready.cite("status", WEAK),
                *_unanswered(world, node.subject),
            ],
            remedies=[cordon(node.subject, "its runtime is down"), describe(node.subject), look_at_pods(node.subject)],
        )


def _unanswered(world: World, node: Subject) -> Iterator[Citation]:
    """Cite what pods of the node were told about the runtime's socket."""
    for pod in pods_on(world, node):
        for event in world.events("FailedCreatePodSandBox", "FailedKillPod", "Failed", about=pod.subject):
            if _UNANSWERED.search(event.message):
                yield cite_event(event, MODERATE)

"""A pod on a node that is gone."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.reading.workloads.placement import names_its_node
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import force_delete
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.world import World


@cause("node", modes=("pod.node_lost",), needs=("Pod", "Node"), own=False)
def pod_node_lost(world: World) -> Iterator[Finding]:
    """A pod is bound to a node of which nobody hears, so nobody knows how the pod is.

    Its last status stays as it was. A controller makes another one after some minutes, but a StatefulSet waits: the
    lost one could still be writing to its volume.

    When it is wrong: the node comes back, and the pod with it.
    """
    for pod in world.pods:
        lost = list(_lost(world, pod))
        if lost:
            node = Subject("Node", "", pod.node)
            held = isinstance(world.inventory.get(node), Node)
            yield Finding(
                world.controller(pod),
                f"{pod.name} is on node {pod.node}, {'of which nobody hears' if held else 'which the cluster no longer has'}",
                cites=lost,
                remedies=[
                    look("get", "node", pod.node, "-o", "wide", of=node, purpose="see whether the node is back"),
                    force_delete(pod.subject),
                ],
            )


def _lost(world: World, pod: Pod) -> Iterator[Citation]:
    """Cite what says so: the pod's own status, or that all nodes were read and this one is not among them."""
    if pod.text("status/reason") == "NodeLost":
        yield pod.cite("status/reason", STRONG)
    gone = "Node" in world.snapshot.collected and world.inventory.get(Subject("Node", "", pod.node)) is None
    if pod.node and gone and not pod.ready and not names_its_node(pod):
        yield pod.cite("spec/nodeName", STRONG)

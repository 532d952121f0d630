"""A node that runs out of memory."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.nodes.pressure import container_of, squeezed
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_use
from tocsin.investigation.diagnosis.remedies.resources import request_use
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World


@cause("node", modes=("node.memory_pressure",), needs=("Node",))
def node_memory_pressure(world: World) -> Iterator[Finding]:
    """A node runs out of memory, and its kubelet evicts pods.

    Pods may use more memory than they requested, as long as the node has some. When it has not, the kubelet puts pods
    out, first those furthest above their request, and lets no pods in that requested none.

    When it is wrong: something outside of Kubernetes on that machine uses the memory.
    """
    for held in squeezed(world, "MemoryPressure", "memory-pressure", ("memory",)):
        consumer = held.consumer
        container = container_of(world, consumer) if consumer else None
        yield Finding(
            held.node.subject,
            held.text("memory"),
            cites=held.cites,
            felt_by=held.felt_by(world),
            contributing=_uncounted(world, held.node.subject),
            remedies=[
                cordon(held.node.subject, "its memory is short"),
                *(
                    [request_use(world.controller(consumer.pod), container, "memory", consumer.used)]
                    if consumer and container
                    else []
                ),
                look_at_use(held.node.subject),
                describe(held.node.subject),
            ],
        )


def _uncounted(world: World, node: Subject) -> list[str]:
    """Name the pods that requested no memory: the scheduler did not count them when it filled the node."""
    free = sorted(pod.name for pod in pods_on(world, node) if pod.phase == "Running" and not _requests(pod))
    return [f"{len(free)} pods on it request no memory: {', '.join(free[:4])}"] if free else []


def _requests(pod: Pod) -> bool:
    return any(held.amount("requests", "memory") or held.amount("limits", "memory") for held in pod.containers)

"""Pods that a node put out because it ran short of something."""

from collections import defaultdict
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.quantity import bytes_text
from tocsin.investigation.diagnosis.reading.nodes.evictions import Eviction, evictions
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.nodes import look_at_use
from tocsin.investigation.diagnosis.remedies.resources import request_use
from tocsin.investigation.diagnosis.symptoms import replaced
from tocsin.investigation.diagnosis.world import World

_OFTEN = 3


@cause("eviction", modes=("pod.evicted_pressure",), needs=("Pod",), own=False)
def pod_evicted(world: World) -> Iterator[Finding]:
    """A node ran short of memory, disk space or process ids, and its kubelet put pods out.

    It begins with the pods that use most above what they requested; one that requested nothing is always above.
    Evicted pods stay listed as Failed, without logs, and their controllers make others.

    When it is wrong: the pods were victims of a neighbour; look at who used most on that node.
    """
    told: dict[Subject, list[Eviction]] = defaultdict(list)
    for held in evictions(world):
        told[world.controller(held.pod)].append(held)
    for controller, gone in sorted(told.items()):
        missed = any(not replaced(one.pod, world.inventory) for one in gone)
        if missed or len(gone) >= _OFTEN:
            worst = max(gone, key=lambda one: (one.excess, one.pod.subject))
            nodes = sorted({one.pod.node for one in gone})
            short = f"{', '.join(nodes)} was low on {worst.resource}{_used(worst)}"
            yield Finding(
                controller,
                f"{len(gone)} pods of {controller.name} were evicted: {short}",
                cites=[one.cite for one in gone],
                remedies=[
                    *_request(world, controller, worst),
                    *(look_at_use(Subject("Node", "", name)) for name in nodes),
                ],
            )


def _used(worst: Eviction) -> str:
    if not worst.used:
        return ""
    asked = f"with a request of {bytes_text(worst.requested)}" if worst.requested else "without a request"
    return f"; {worst.container} used {bytes_text(worst.used)} {asked}"


def _request(world: World, controller: Subject, worst: Eviction) -> Iterator[Command]:
    """Yield how to let the container request the memory that it uses."""
    workload = world.workload(controller)
    for container in workload.containers if workload and worst.resource == "memory" else ():
        if container.name == worst.container and worst.excess > 0:
            yield request_use(controller, container, "memory", worst.used)

"""A node that runs out of memory, disk or process ids."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

# Condition: what runs out, and the taint that the node gets for it.
_PRESSURES = {
    "MemoryPressure": ("memory", "memory-pressure"),
    "DiskPressure": ("disk space", "disk-pressure"),
    "PIDPressure": ("process ids", "pid-pressure"),
}


@cause("node", needs=("Node",))
def node_under_pressure(world: World) -> Iterator[Finding]:
    """A node runs out of memory, disk space or process ids.

    The kubelet then evicts pods and lets no new ones in, until the pressure is gone.

    When it is wrong: the pressure is the effect of one pod that uses without a limit; that pod is the cause.
    """
    for node in world.nodes:
        for kind, (resource, taint) in _PRESSURES.items():
            told = node.condition(kind)
            if not told or told.text("status") != "True":
                continue
            evicted = [pod for pod in world.pods if pod.node == node.name and pod.text("status/reason") == "Evicted"]
            kept_out = [saying for saying in unscheduled(world) if taint in saying.text]
            yield Finding(
                node.subject,
                f"node {node.name} runs out of {resource}; {len(evicted)} pods evicted, {len(kept_out)} kept out",
                cites=[
                    told.cite("message" if told.text("message") else "status", STRONG),
                    *(pod.cite("status/reason", STRONG) for pod in evicted),
                    *(saying.weighing(MODERATE) for saying in kept_out),
                ],
                felt_by=[world.controller(pod) for pod in evicted] + [saying.controller for saying in kept_out],
                remedies=[describe(node.subject)],
            )

"""A node that runs out of memory, disk or process ids."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_PRESSURES = {"MemoryPressure": "memory", "DiskPressure": "disk space", "PIDPressure": "process ids"}


@cause("node", needs=("Node",))
def node_under_pressure(world: World) -> Iterator[Finding]:
    """A node runs out of memory, disk space or process ids.

    The kubelet then evicts pods and lets no new ones in, until the pressure is gone.

    When it is wrong: the pressure is the effect of one pod that uses without a limit; that pod is the cause.
    """
    for node in world.nodes:
        for kind, resource in _PRESSURES.items():
            told = node.condition(kind)
            if told and told.text("status") == "True":
                yield Finding(
                    node.subject,
                    f"node {node.name} runs out of {resource}",
                    cites=[told.cite("status", STRONG)],
                    remedies=[describe(node.subject)],
                )

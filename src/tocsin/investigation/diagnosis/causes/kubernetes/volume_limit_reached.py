"""A node that can attach no more volumes."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"exceed max volume count"


@cause("storage", modes=("sched.volume_limit",), needs=("Pod",))
def volume_limit_reached(world: World) -> Iterator[Finding]:
    """The nodes have as many volumes attached as their machines allow, so a pod with one more has to wait.

    A machine takes only so many disks, often 15 to 40 with most clouds, whatever its size in CPU and memory.

    When it is wrong: hardly ever; the scheduler counts the attached volumes against what the storage driver states.
    """
    for saying in unscheduled(world):
        if share := nodes_refusing(saying.text, _PHRASE):
            bounds = list(_bounds(world))
            most = f" ({', '.join(sorted({str(cite.value) for cite in bounds}))} a node)" if bounds else ""
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: {share:.0%} of the nodes can attach no more volumes{most}",
                cites=[saying.weighing(CONCLUSIVE * share), *bounds],
                remedies=[
                    look("get", "volumeattachments", of=saying.about, purpose="see which volumes are attached where")
                ],
            )


def _bounds(world: World) -> Iterator[Citation]:
    for node in world.inventory.of("CSINode"):
        for driver in node.parts("spec/drivers"):
            if driver.number("allocatable/count") is not None:
                yield driver.cite("allocatable/count", MODERATE)

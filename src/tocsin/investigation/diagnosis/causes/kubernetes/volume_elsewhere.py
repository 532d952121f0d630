"""A volume that can only be used where the pod cannot run."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.storage.claims import VOLUME_ELSEWHERE, tied_to_missing, volumes_of
from tocsin.investigation.diagnosis.reading.workloads.placement import reaches
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World


@cause("storage", modes=("sched.volume_affinity",), needs=("Pod",))
def volume_elsewhere(world: World) -> Iterator[Finding]:
    """The pod's volume lives in a zone or on a node where the pod cannot be placed.

    A disk of one zone, or of one node, ties its pod to that place. When the nodes there are full, cordoned or gone,
    the pod waits.

    When it is wrong: hardly ever; the scheduler reads the volume's own node affinity.
    """
    for saying in unscheduled(world):
        if share := nodes_refusing(saying.text, VOLUME_ELSEWHERE):
            tied = [held for held in volumes_of(world, saying.pod) if held.get("spec/nodeAffinity")]
            if any(tied_to_missing(world, held) for held in tied):
                continue
            there = sorted({node.name for volume in tied for node in world.nodes if reaches(volume, node)})
            named = f"; {tied[0].name} can be used on {', '.join(there) or 'none of them'}" if tied else ""
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: its volume cannot be used on {share:.0%} of the nodes{named}",
                cites=[
                    saying.weighing(CONCLUSIVE * share),
                    *(held.cite("spec/nodeAffinity/required", STRONG) for held in tied),
                ],
                remedies=[
                    look("get", "pv", "-o", "yaml", of=saying.about, purpose="read where the volume can be used"),
                    look(
                        "get",
                        "nodes",
                        "-L",
                        "topology.kubernetes.io/zone,kubernetes.io/hostname",
                        of=saying.about,
                        purpose="compare with the nodes",
                    ),
                ],
            )

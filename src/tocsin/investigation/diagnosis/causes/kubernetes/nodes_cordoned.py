"""Nodes that would take a pod, were they not cordoned."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.placement import suits, wants_labels
from tocsin.investigation.diagnosis.remedies.nodes import uncordon
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World


@cause("scheduling", needs=("Pod", "Node"))
def nodes_cordoned(world: World) -> Iterator[Finding]:
    """The nodes on which the pod could run are cordoned: they take no new pods.

    Nodes are cordoned for maintenance and easily forgotten. Running pods stay; new ones must go elsewhere.

    When it is wrong: the maintenance goes on; then the pod needs other nodes, not these.
    """
    for saying in unscheduled(world):
        share = nodes_refusing(saying.text, "were unschedulable")
        if not share:
            continue
        cordoned = [node for node in world.nodes if node.cordoned and (not saying.pod or suits(saying.pod, node))]
        picky = bool(saying.pod and wants_labels(saying.pod) and cordoned)
        open_ = any(not node.cordoned and saying.pod and suits(saying.pod, node) for node in world.nodes)
        named = ", ".join(node.name for node in cordoned) or f"{share:.0%} of the nodes"
        yield Finding(
            saying.controller,
            f"{saying.about.name} waits for a node, and these are cordoned: {named}",
            cites=[
                saying.weighing(CONCLUSIVE if picky and not open_ else CONCLUSIVE * share),
                *(
                    node.cite("spec/unschedulable", STRONG if picky and not open_ else STRONG * share)
                    for node in cordoned
                ),
            ],
            remedies=[uncordon(node.subject) for node in cordoned],
        )

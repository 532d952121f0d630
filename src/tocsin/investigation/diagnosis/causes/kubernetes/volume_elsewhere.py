"""A volume that can only be used where the pod cannot run."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World


@cause("storage", needs=("Pod",))
def volume_elsewhere(world: World) -> Iterator[Finding]:
    """The pod's volume lives in a zone or on a node where the pod cannot be placed.

    A disk of one zone, or of one node, ties its pod to that place. When the nodes there are full, cordoned or gone,
    the pod waits.

    When it is wrong: hardly ever; the scheduler reads the volume's own node affinity.
    """
    for saying in unscheduled(world):
        if share := nodes_refusing(
            saying.text, r"(?:had volume node affinity conflict|didn't match PersistentVolume's node)"
        ):
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: its volume cannot be used on {share:.0%} of the nodes",
                cites=[saying.weighing(CONCLUSIVE * share)],
                remedies=[
                    look("get", "pv", "-o", "yaml", of=saying.about, purpose="read where the volume can be used")
                ],
            )

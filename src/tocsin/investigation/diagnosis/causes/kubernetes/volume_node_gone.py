"""A volume on the disk of a node that is no longer there."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.storage.claims import VOLUME_ELSEWHERE, tied_to_missing, volumes_of
from tocsin.investigation.diagnosis.reading.workloads.placement import hosts
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World


@cause("storage", modes=("storage.local_pv_node",), needs=("Pod", "Node", "PersistentVolume"))
def volume_node_gone(world: World) -> Iterator[Finding]:
    """The pod's volume is the disk of one node, and that node is not in the cluster any more.

    Local volumes stay where they are. When their node is replaced, the data is lost to the cluster, and the pod waits
    for a node that does not come back unless under its old name.

    When it is wrong: the node is only away for a restart; then it registers again, and the pod follows.
    """
    for saying in unscheduled(world):
        if nodes_refusing(saying.text, VOLUME_ELSEWHERE):
            for volume in (held for held in volumes_of(world, saying.pod) if tied_to_missing(world, held)):
                yield Finding(
                    saying.controller,
                    f"{saying.about.name} waits for {', '.join(hosts(volume))}, where volume {volume.name} is: no such"
                    " node is in the cluster",
                    cites=[volume.cite("spec/nodeAffinity/required", CONCLUSIVE), saying.weighing(MODERATE)],
                    remedies=[look("get", "nodes", of=saying.about, purpose="see which nodes there are")],
                )

"""A DaemonSet whose update waits for a pod that does not end."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.remedies.workloads import describe, force_delete
from tocsin.investigation.diagnosis.symptoms import overdue
from tocsin.investigation.diagnosis.world import World


@cause("rollout", modes=("rollout.ds_update",), needs=("DaemonSet", "Pod"))
def daemonset_update_stuck(world: World) -> Iterator[Finding]:
    """The update of a DaemonSet stands still, because an old pod of it on one node does not end.

    It replaces as many pods at a time as maxUnavailable says, one unless told otherwise, and waits for each. One pod
    that does not go blocks the update of all the other nodes.

    When it is wrong: its node is away or its runtime hangs; then mend that.
    """
    for held in world.workloads:
        updated = held.number("status/updatedNumberScheduled")
        if not held.updating or updated is None:
            continue
        for pod in world.pods_of(held.subject):
            if overdue(pod, world.inventory):
                yield Finding(
                    held.subject,
                    f"the update of {held.name} is at {updated} of {held.desired} nodes: {pod.name} on {pod.node} does not end",
                    cites=[
                        pod.cite("metadata/deletionTimestamp", CONCLUSIVE),
                        held.cite("status/updatedNumberScheduled", STRONG),
                    ],
                    remedies=[describe(pod.subject), force_delete(pod.subject)],
                )

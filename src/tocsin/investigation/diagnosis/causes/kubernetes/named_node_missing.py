"""A pod that names its node itself, where there is no such node."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.storage.claims import waited
from tocsin.investigation.diagnosis.reading.workloads.placement import names_its_node
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.patches import patch_template
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_FIELD = "spec/template/spec/nodeName"
# A kubelet takes its pods on within seconds.
_UNSEEN = timedelta(minutes=1)


@cause("scheduling", needs=("Pod", "Node"))
def named_node_missing(world: World) -> Iterator[Finding]:
    """A pod says itself which node it runs on, and the cluster has no node of that name.

    With nodeName set no scheduler looks at the pod, and no kubelet waits for it: it stays Pending without an event. The
    name is mistyped, or the node was replaced by one of another name.

    When it is wrong: the node is about to join the cluster; then its kubelet starts the pod.
    """
    whole = "Node" in world.snapshot.collected
    known = whole or (world.nodes and "Node" not in world.snapshot.partial)
    for pod in world.pods if known else ():
        absent = names_its_node(pod) and world.inventory.get(Subject("Node", "", pod.node)) is None
        if absent and not pod.leaving and waited(world, pod, _UNSEEN):
            held = world.workload(pod.subject)
            asks = [held.cite(_FIELD, MODERATE)] if held and held.text(_FIELD) else []
            yield Finding(
                world.controller(pod),
                f"{pod.name} waits on node {pod.node}, which it names itself and which the cluster does not have",
                cites=[pod.cite("spec/nodeName", CONCLUSIVE if whole else MODERATE), *asks],
                remedies=[
                    *_freed(world, pod),
                    look("get", "nodes", of=Subject("Node", "", pod.node), purpose="see which nodes there are"),
                ],
            )


def _freed(world: World, pod: Pod) -> Iterator[Command]:
    """Leave the choice to the scheduler, where the template names the node."""
    held = world.workload(pod.subject)
    if held and held.kind != "Job" and held.text(_FIELD):
        yield patch_template(
            held.subject,
            "nodeName",
            held.text(_FIELD),
            None,
            purpose=f"let the scheduler choose the nodes of {held.name}",
            before=f"{held.name} may run on any node; changing the template starts a rollout",
        )

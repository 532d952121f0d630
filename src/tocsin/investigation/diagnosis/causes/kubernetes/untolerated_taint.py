"""Nodes that keep pods away by a taint."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.placement import tolerates
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import remove_taint
from tocsin.investigation.diagnosis.resources import Node, Pod
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"had (?:untolerated )?taint"
_SYSTEM = ("node.kubernetes.io/", "node-role.kubernetes.io/", "node.cloudprovider.kubernetes.io/")


@cause("scheduling", needs=("Pod", "Node"))
def untolerated_taint(world: World) -> Iterator[Finding]:
    """Nodes carry a taint that the pod does not tolerate, so the scheduler passes them over.

    Taints reserve nodes for some pods. Either the node got a taint that it should not have, or the pod lacks the
    toleration.

    When it is wrong: the taint was set by a condition of the node (not ready, disk full); then the node is the cause.
    """
    for saying in unscheduled(world):
        share = nodes_refusing(saying.text, _PHRASE)
        if not share:
            continue
        taints = [
            (n, t) for n in world.nodes for t in n.taints if saying.pod and _keeps_away(n, t.text("key"), saying.pod)
        ]
        named = ", ".join(sorted({f"{t.text('key')}={t.text('value')}" for _, t in taints})) or "a taint"
        fixes = [remove_taint(n.subject, t.text("key"), t.text("value"), t.text("effect")) for n, t in taints]
        yield Finding(
            saying.controller,
            f"{saying.about.name} waits for a node: {share:.0%} of the nodes have {named}, which it does not tolerate",
            cites=[saying.weighing(CONCLUSIVE * share), *(t.cite("key", MODERATE) for _, t in taints)],
            remedies=fixes or [look("describe", "nodes", of=saying.about, purpose="see the taints of the nodes")],
        )


def _keeps_away(node: Node, key: str, pod: Pod) -> bool:
    taint = next(taint for taint in node.taints if taint.text("key") == key)
    return not key.startswith(_SYSTEM) and not tolerates(pod, taint)

"""A node that does not report, or reports that it cannot run pods."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("node", needs=("Node",))
def node_not_ready(world: World) -> Iterator[Finding]:
    """A node is not ready: its kubelet does not report, or reports that it cannot run pods.

    Pods on it count as failed after about five minutes and are made anew elsewhere; until then they are unreachable
    or unknown.

    When it is wrong: the node is well but cut off from the control plane; its pods may still serve.
    """
    for node in world.nodes:
        ready = node.condition("Ready")
        if ready and ready.text("status") != "True":
            why = ready.text("message") or ready.text("reason") or "it does not say why"
            yield Finding(
                node.subject,
                f"node {node.name} is not ready: {why[:160]}",
                cites=[ready.cite("status", CONCLUSIVE), ready.cite("reason" if ready.get("reason") else "status")],
                remedies=[describe(node.subject)],
            )

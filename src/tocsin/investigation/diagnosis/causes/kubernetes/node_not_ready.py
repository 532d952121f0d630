"""A node that reports that it cannot run pods."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.nodes.state import ailing
from tocsin.investigation.diagnosis.remedies.nodes import cordon
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

# Words that no cause of its own knows; of a network that is not ready, the network's own trouble tells more.
_UNTOLD = {"": CONCLUSIVE, "network": STRONG}


@cause("node", needs=("Node",))
def node_not_ready(world: World) -> Iterator[Finding]:
    """A node reports that it cannot run pods, for a reason of its own.

    Its pods leave the Services at once, and after about five minutes they are made anew elsewhere. The kubelet's
    message says what it lacks.

    When it is wrong: the node only starts, or something else on it (its runtime, its network) is the cause.
    """
    for ailment, weight in _UNTOLD.items():
        for node, ready in ailing(world, ailment):
            why = ready.text("message") or ready.text("reason") or "it does not say why"
            yield Finding(
                node.subject,
                f"node {node.name} is not ready: {opening(why)}",
                cites=[ready.cite("status", weight), ready.cite("reason" if ready.get("reason") else "status", WEAK)],
                remedies=[cordon(node.subject, "it cannot run pods"), describe(node.subject)],
            )

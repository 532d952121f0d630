"""A node for which no network was set up."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.remedies.nodes import cordon
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("node", modes=("node.network_unavailable",), needs=("Node",))
def node_network_unavailable(world: World) -> Iterator[Finding]:
    """A node reports NetworkUnavailable: no route to its pods was made.

    The cloud's route controller or the network plugin sets this condition. Pods on the node may run, but others do not
    reach them, nor they others.

    When it is wrong: the network plugin does not use routes and forgot to clear the condition.
    """
    for node in world.nodes:
        told = node.condition("NetworkUnavailable")
        if told and told.text("status") == "True":
            why = told.text("message") or told.text("reason") or "it does not say why"
            yield Finding(
                node.subject,
                f"the network of node {node.name} is not set up: {opening(why)}; {len(pods_on(world, node.subject))} pods there",
                cites=[told.cite("status", CONCLUSIVE), told.cite("reason", WEAK)],
                remedies=[cordon(node.subject, "it has no network"), describe(node.subject)],
            )

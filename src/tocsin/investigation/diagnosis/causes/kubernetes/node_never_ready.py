"""A node that was registered and has never reported."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reading.nodes.state import ailing, minutes_since
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_UNINITIALISED = "node.cloudprovider.kubernetes.io/uninitialized"
_STARTING = 10


@cause("node", modes=("node.never_ready",), needs=("Node",))
def node_never_ready(world: World) -> Iterator[Finding]:
    """A node joined the cluster but its kubelet never posted a status, or its cloud provider never initialised it.

    A new machine becomes ready within a few minutes. One that does not: its bootstrap failed, its certificate request
    was not approved, or the cloud controller, which must take the “uninitialized” taint off, does not run.

    When it is wrong: it is still starting; give it ten minutes.
    """
    for node, ready in ailing(world, "never"):
        yield Finding(
            node.subject,
            f"node {node.name} never reported since it joined",
            cites=[ready.cite("reason" if ready.text("reason") else "status", CONCLUSIVE)],
            remedies=[
                look("get", "csr", of=node.subject, purpose="see certificate requests that nobody approved"),
                describe(node.subject),
            ],
        )
    for node in world.nodes:
        age = minutes_since(world, node, "metadata/creationTimestamp")
        for taint in node.taints:
            if taint.text("key") == _UNINITIALISED and age is not None and age >= _STARTING:
                yield Finding(
                    node.subject,
                    f"node {node.name} was not initialised by its cloud provider in {age} min",
                    cites=[taint.cite("key", CONCLUSIVE), node.cite("metadata/creationTimestamp", MODERATE)],
                    remedies=[describe(node.subject)],
                )

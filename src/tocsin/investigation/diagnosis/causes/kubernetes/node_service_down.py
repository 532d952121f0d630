"""A system service of a node that does not run, of those that no cause of its own tells."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.nodes.state import RUNTIMES, running, stopped
from tocsin.investigation.diagnosis.remedies.nodes import start_service
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_EFFECTS = {
    "kube-controller-manager": "nothing is scaled, replaced or rolled out",
    "kube-apiserver": "nobody can read or change the cluster",
    "etcd": "nothing that is changed in the cluster can be kept",
}
_TOLD = ("kubelet", "kube-proxy", "kube-scheduler", *RUNTIMES)


@cause("node", needs=("node_services",))
def node_service_down(world: World) -> Iterator[Finding]:
    """A system service that a node or the control plane needs does not run.

    The control plane needs its API server, its controllers and its store. What each of them did before stays as it
    was, so trouble begins with the next change.

    When it is wrong: another instance of that service does the work, or the cluster does it in another way.
    """
    for held in stopped(world):
        if held.service in _TOLD or running(world, held.service):
            continue
        effect = _EFFECTS.get(held.service, "what depends on it stops")
        yield Finding(
            held.node,
            f"{held.service} on {held.node.name} is {held.state}: {effect}",
            cites=[held.cite],
            remedies=[start_service(held.node, held.service), describe(held.node)],
        )

"""A system service of a node that does not run."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

_EFFECTS = {
    "kubelet": "no pod is started or probed there",
    "containerd": "no container can be started there",
    "kube-proxy": "changes of Services do not reach its pods",
    "kube-scheduler": "no new pod is given a node",
    "kube-controller-manager": "nothing is scaled, replaced or rolled out",
    "kube-apiserver": "nobody can read or change the cluster",
}


@cause("node", needs=("node_services",))
def node_service_down(world: World) -> Iterator[Finding]:
    """A system service that Kubernetes needs does not run on a node.

    Nodes need a kubelet, a container runtime and a kube-proxy; the control plane needs its scheduler and controllers.
    What each of them did before stays as it was, so trouble begins with the next change.

    When it is wrong: the cluster does that service's work in another way (another runtime, eBPF instead of kube-proxy).
    """
    for index, service in enumerate(world.node_services):
        if not service.active:
            effect = _EFFECTS.get(service.service, "what depends on it stops")
            yield Finding(
                Subject("Node", "", service.node),
                f"{service.service} on {service.node} is {service.state or 'not running'}: {effect}",
                cites=[
                    Citation(
                        f"node_services/{index}#/state", service.state, CONCLUSIVE, Subject("Node", "", service.node)
                    )
                ],
                felt_by=_felt(world, service.service),
                remedies=[describe(Subject("Node", "", service.node))],
            )


def _felt(world: World, service: str) -> list[Subject]:
    """Return the workloads whose pods were never looked at by a scheduler that does not run."""
    if service != "kube-scheduler":
        return []
    told = {saying.about for saying in unscheduled(world)}
    return [world.controller(pod) for pod in world.pods if not pod.node and pod.subject not in told]

"""A network plugin that cannot connect new pods."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.pods.sandboxes import felt, plugin_pods, unconnected
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("network", modes=("net.cni_not_ready",), needs=("Pod", "events"))
def network_plugin_failing(world: World) -> Iterator[Finding]:
    """The network plugin (CNI) of a node cannot give new pods a network, so that they never start.

    The plugin's own pod on that node is down, its configuration or program is gone, or its token expired. Pods that run
    already keep their network; only new ones wait in ContainerCreating.

    When it is wrong: the node has only just started, and the plugin a moment later.
    """
    for held in unconnected(world, used_up=False):
        node = Subject("Node", "", held.node)
        plugins = plugin_pods(world, held.node)
        down = [pod for pod in plugins if not pod.ready]
        told = f"; {down[0].name} is not ready" if down else ""
        yield Finding(
            node,
            f"{len(held.pods)} new pods on {held.node} get no network: {opening(held.said)}{told}",
            cites=[*held.cites(), *(pod.cite("status/phase", STRONG) for pod in down)],
            felt_by=felt(world, held),
            remedies=[
                look_at_pods(node, f"see whether the network plugin runs on {held.node}"),
                *(describe(pod.subject) for pod in down[:1]),
            ],
        )

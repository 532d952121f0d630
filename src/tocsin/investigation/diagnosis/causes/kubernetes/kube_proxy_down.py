"""A node whose kube-proxy does not run."""

from collections.abc import Iterator
from dataclasses import replace

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.node_state import pods_on, running, stopped
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_pods, start_service
from tocsin.investigation.diagnosis.world import World


@cause("network", modes=("net.kube_proxy",), needs=("node_services",))
def kube_proxy_down(world: World) -> Iterator[Finding]:
    """The kube-proxy of a node does not run, so Services lead to the places they led to before.

    It writes the rules that turn a Service's address into that of a pod. Without it the rules stay as they are: new
    Services are not reached from that node, and those whose pods moved lead nowhere, while everything looks well.

    When it is wrong: the cluster does this work in another way (eBPF) and keeps the old service switched off.
    """
    used = running(world, "kube-proxy")
    for held in stopped(world, "kube-proxy"):
        others = f"; it runs on {len(used)} other nodes" if used else ""
        yield Finding(
            held.node,
            f"kube-proxy on {held.node.name} is {held.state}: its {len(pods_on(world, held.node))} pods do not learn"
            f" where Services lead{others}",
            cites=[held.cite if used else replace(held.cite, weight=MODERATE)],
            remedies=[
                start_service(held.node, "kube-proxy"),
                cordon(held.node, "Services are out of date there"),
                look_at_pods(held.node),
            ],
        )

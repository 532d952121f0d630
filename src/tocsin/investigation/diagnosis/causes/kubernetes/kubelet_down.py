"""A node's kubelet that does not run, or does not report."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.nodes.state import (
    RUNTIMES,
    ailing,
    minutes_since,
    pods_on,
    running,
    stopped,
)
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_pods, start_service
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World


@cause("node", modes=("node.notready_kubelet",), needs=("Node",))
def kubelet_down(world: World) -> Iterator[Finding]:
    """The kubelet, the agent of Kubernetes on a node, does not run or does not report.

    Nobody starts, probes or stops containers there. After about 40 seconds without a report the node counts as not
    ready and its pods leave the Services; after five more minutes they are made anew elsewhere. The kubelet crashed or
    was stopped, its certificate expired, or the whole machine or its network is away.

    When it is wrong: the kubelet runs and only its way to the API server is cut; its containers may go on serving.
    """
    alive = running(world, *RUNTIMES)
    without_runtime = {held.node for held in stopped(world, *RUNTIMES) if held.node.name not in alive}
    for held in stopped(world, "kubelet"):
        if held.node not in without_runtime:
            there = len(pods_on(world, held.node))
            yield Finding(
                held.node,
                f"the kubelet on {held.node.name} is {held.state}: nobody starts or probes its {there} pods",
                cites=[held.cite],
                remedies=[start_service(held.node, "kubelet"), look_at_pods(held.node)],
            )
    for node, ready in ailing(world, "kubelet"):
        if node.subject in without_runtime:
            continue
        silent = minutes_since(world, ready, "lastHeartbeatTime")
        since = f" {silent} min ago" if silent else ""
        seen = node.name in running(world, "kubelet")
        doubt = ", although its service runs: its way to the API server is cut" if seen else ""
        yield Finding(
            node.subject,
            f"the kubelet of {node.name} stopped reporting{since}{doubt}; {len(pods_on(world, node.subject))} pods are on it",
            cites=[
                ready.cite("status", STRONG if seen else CONCLUSIVE),
                ready.cite("reason", WEAK),
                *_lease(world, node.subject),
            ],
            remedies=[cordon(node.subject, "its kubelet is away"), describe(node.subject), look_at_pods(node.subject)],
        )


def _lease(world: World, node: Subject) -> Iterator[Citation]:
    """Cite a lease that the kubelet has not renewed: it does so every ten seconds."""
    lease = world.inventory.get(Subject("Lease", "kube-node-lease", node.name))
    if lease and (minutes_since(world, lease, "spec/renewTime") or 0) >= 1:
        yield lease.cite("spec/renewTime", MODERATE)

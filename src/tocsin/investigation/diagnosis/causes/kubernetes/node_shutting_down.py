"""A node that is being taken away."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.nodes.state import ailing, pods_on
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod, Workload
from tocsin.investigation.diagnosis.world import World

# Taints by which autoscalers, spot interruption watchers and cloud providers mark a node that goes away.
_GOING = re.compile(
    r"ToBeDeletedByClusterAutoscaler|karpenter\.sh/disrupt|aws-node-termination-handler/|impending-node-termination"
    r"|node\.cloudprovider\.kubernetes\.io/shutdown|node\.kubernetes\.io/out-of-service"
)
_PUT_OUT = re.compile(r"node shutdown|node is shutting down", re.I)


@cause("node", modes=("node.shutdown",), needs=("Node",))
def node_shutting_down(world: World) -> Iterator[Finding]:
    """A node is shutting down: a spot machine taken back, a scale-down, an upgrade.

    Its pods are ended, some within seconds, and made anew on other nodes. Workloads with one replica, or all replicas
    on that node, are away for so long.

    When it is wrong: hardly ever as a fact; but what was asked about may have failed before that.
    """
    shutting = {node.subject: ready for node, ready in ailing(world, "shutdown")}
    for node in world.nodes:
        going = next((taint for taint in node.taints if _GOING.search(taint.text("key"))), None)
        ready, hit = shutting.get(node.subject), [pod for pod in pods_on(world, node.subject) if _hit(pod, world)]
        if ready or (going and hit):
            yield Finding(
                node.subject,
                f"node {node.name} is being taken away ({_told(ready, going)}); {len(hit)} pods on it end or ended",
                cites=list(_cites(ready, going, hit)),
                felt_by=sorted({world.controller(pod) for pod in hit}),
                remedies=[look_at_pods(node.subject), describe(node.subject)],
            )


def _hit(pod: Pod, world: World) -> bool:
    """Tell whether the pod ends or was ended there, and its workload misses it."""
    held = world.workload(pod.subject)
    ended = pod.leaving or bool(_PUT_OUT.search(pod.text("status/message")))
    return ended and isinstance(held, Workload) and held.lacking


def _told(ready: Part | None, going: Part | None) -> str:
    return going.text("key") if going else (opening(ready.text("message"), 80) if ready else "")


def _cites(ready: Part | None, going: Part | None, hit: list[Pod]) -> Iterator[Citation]:
    if ready:
        yield ready.cite("message", CONCLUSIVE)
    if going:
        yield going.cite("key", STRONG)
    for pod in hit:
        yield pod.cite("status/message" if pod.text("status/message") else "metadata/deletionTimestamp", MODERATE)

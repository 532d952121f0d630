"""Pods that were put off a node by a taint."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reading.workloads.placement import tolerates
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods, remove_taint
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World, cite_event

# Set by Kubernetes itself when a node fails or leaves: there the node is the cause.
_BUILT_IN = ("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/")


@cause("eviction", modes=("pod.taint_evicted",), needs=("Node", "Pod"))
def pods_evicted_by_taint(world: World) -> Iterator[Finding]:
    """A node got a taint with the effect NoExecute, and every pod that does not tolerate it was ended.

    Such a taint reserves a node, or empties it. It hits running pods at once, unlike NoSchedule, which only keeps new
    ones away.

    When it is wrong: the node was to be emptied, and the pods came up elsewhere.
    """
    for node in world.nodes:
        for taint in node.taints:
            if taint.text("effect") != "NoExecute" or taint.text("key").startswith(_BUILT_IN):
                continue
            put_off = {
                pod.subject: cite
                for pod in pods_on(world, node.subject)
                if not tolerates(pod, taint) and (cite := _put_off(world, pod))
            }
            if put_off:
                key, value = taint.text("key"), taint.text("value")
                yield Finding(
                    node.subject,
                    f"taint {key}{f'={value}' if value else ''}:NoExecute on {node.name} ended {len(put_off)} pods",
                    cites=[taint.cite("effect", STRONG), *put_off.values()],
                    felt_by=sorted({world.controller(at) for at in put_off}),
                    remedies=[remove_taint(node.subject, key, value, "NoExecute"), look_at_pods(node.subject)],
                )


def _put_off(world: World, pod: Pod) -> Citation | None:
    """Cite that the pod was ended for a taint."""
    told = pod.condition("DisruptionTarget")
    if told and told.text("reason") == "DeletionByTaintManager" and told.text("status") == "True":
        return told.cite("reason", STRONG)
    event = next(world.events("TaintManagerEviction", about=pod.subject), None)
    return cite_event(event, MODERATE) if event and pod.leaving else None

"""A DaemonSet that is not on the nodes where it should be, or is where it should not."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import named_by_alert
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World, cite_event

_FAILED = ("FailedPlacement", "FailedDaemonPod")


@cause("rollout", modes=("rollout.ds_misscheduled",), needs=("DaemonSet",))
def daemonset_misscheduled(world: World) -> Iterator[Finding]:
    """A DaemonSet lacks a pod on nodes that should have one, or has one where none belongs.

    What it does (logs, network, storage of each node) is then not done there. The labels or taints of nodes were
    changed, its selector or tolerations were, or its pods are refused.

    When it is wrong: a node is being taken away, and its pods with it. Pods too many are told only where somebody asked.
    """
    for held in world.workloads:
        if held.kind != "DaemonSet":
            continue
        wanted, there = held.desired, held.number("status/currentNumberScheduled")
        wrong = held.number("status/numberMisscheduled") or 0
        failed = [cite_event(event, MODERATE) for event in world.events(*_FAILED, about=held.subject)]
        lacks = there is not None and there < wanted and bool(failed)
        if lacks or (wrong and named_by_alert(held, world.inventory)):
            bare = sorted({node.name for node in world.nodes} - {pod.node for pod in world.pods_of(held.subject)})
            without = f", not on {', '.join(bare[:4])}" if bare else ""
            what = (
                f"is on {there} of {wanted} nodes{without}" if lacks else f"runs on {wrong} nodes where it should not"
            )
            field = "currentNumberScheduled" if lacks else "numberMisscheduled"
            yield Finding(
                held.subject,
                f"{held.name} {what}",
                cites=[held.cite(f"status/{field}", CONCLUSIVE if lacks else STRONG), *failed],
                remedies=[
                    look("get", "nodes", "--show-labels", of=held.subject, purpose="compare the labels of the nodes"),
                    describe(held.subject),
                ],
            )

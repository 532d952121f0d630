"""A node whose kernel or hardware reports a fault."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, WEAK, Citation, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_pods
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.world import World, cite_event

# Conditions and event reasons of the node problem detector's rules; a condition is a fault while it is True.
_CONDITIONS = (
    "KernelDeadlock",
    "ReadonlyFilesystem",
    "XfsShutdown",
    "CperHardwareErrorFatal",
    "CorruptDockerOverlay2",
    "FrequentUnregisterNetDevice",
    "FrequentKubeletRestart",
    "FrequentContainerdRestart",
    "FrequentDockerRestart",
)
_EVENTS = ("TaskHung", "KernelOops", "IOError", "Ext4Error", "MemoryReadError", "UnregisterNetDevice")
_LATELY = timedelta(hours=1)


@cause("node", modes=("node.kernel",), needs=("Node",))
def node_kernel_fault(world: World) -> Iterator[Finding]:
    """A node's kernel or hardware reports a fault: a deadlock, a file system gone read-only, a broken memory or disk.

    The node problem detector reads the kernel's log and says so in a condition of the node, or in events. What runs
    there hangs or fails in odd ways, and a restart on the same node does not help.

    When it is wrong: the condition is of a fault long repaired; the detector only clears some of them.
    """
    for node in world.nodes:
        wrong = [told for kind in _CONDITIONS if (told := node.condition(kind)) and told.text("status") == "True"]
        heard = list(_heard(world, node))
        if wrong or len(heard) > 1:
            what = ", ".join(told.text("type") for told in wrong) or "faults in its kernel's log"
            yield Finding(
                node.subject,
                f"node {node.name} reports {what}{_why(wrong)}; {len(pods_on(world, node.subject))} pods are on it",
                cites=[*(told.cite("status", CONCLUSIVE) for told in wrong), *heard],
                remedies=[
                    cordon(node.subject, "its fault is looked into"),
                    look_at_pods(node.subject),
                    describe(node.subject),
                ],
            )


def _heard(world: World, node: Node) -> Iterator[Citation]:
    for event in world.events(*_EVENTS, about=node.subject):
        if world.snapshot.within(event.last, _LATELY):
            yield cite_event(event, WEAK if event.reason == "UnregisterNetDevice" else MODERATE)


def _why(wrong: list[Part]) -> str:
    message = next((told.text("message") for told in wrong if told.text("message")), "")
    return f": {opening(message)}" if message else ""

"""A node whose clock is wrong."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import cordon
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.signals import last_words
from tocsin.investigation.diagnosis.world import World

_AHEAD = timedelta(minutes=3)
_EARLY = r"(?i)certificate.{0,60}not yet valid|token (?:used before issued|is not valid yet)|issued in the future"


@cause("node", modes=("node.clock_skew",), needs=("Node",))
def node_clock_skew(world: World) -> Iterator[Finding]:
    """A node's clock differs from that of the other machines.

    Certificates and tokens are then not yet valid or already expired on that node alone, leases look old or from the
    future, and schedules run at odd times. The node does not reach its time server, or its time service is stopped.

    When it is wrong: it is the clock of the machine that took the snapshot.
    """
    early = _early(world)
    for node in world.nodes:
        adrift, dated = node.condition("NTPProblem"), early.get(node.subject)
        adrift = adrift if adrift and adrift.text("status") == "True" else None
        if adrift or dated:
            how = f"it reported at {dated.value}, later than now" if dated else "it is not synchronised"
            yield Finding(
                node.subject,
                f"the clock of node {node.name} is wrong: {how}",
                cites=[
                    *([adrift.cite("status", CONCLUSIVE)] if adrift else []),
                    *([dated] if dated else []),
                    *_refused(world, node),
                ],
                remedies=[
                    cordon(node.subject, "its clock is wrong"),
                    look(
                        "get", "nodes", "-o", "yaml", of=node.subject, purpose="compare lastHeartbeatTime of all nodes"
                    ),
                    describe(node.subject),
                ],
            )


def _early(world: World) -> Mapping[Subject, Citation]:
    """Cite reports that a node dated later than the snapshot, and than what any other node reported.

    A node reports at least every five minutes, so being the latest is nothing; being later than now is.
    """
    ready = {node.subject: told for node in world.nodes if (told := node.condition("Ready"))}
    times = {at: time for at, told in ready.items() if (time := told.time("lastHeartbeatTime"))}
    now, found = world.snapshot.captured_at, {}
    for at, time in times.items():
        others = [other for place, other in times.items() if place != at]
        if now and others and time - max(now, *others) > _AHEAD:
            found[at] = ready[at].cite("lastHeartbeatTime", STRONG)
    return found


def _refused(world: World, node: Node) -> Iterator[Citation]:
    for pod in pods_on(world, node.subject):
        for container in pod.containers:
            if line := last_words(world, pod, container.name, _EARLY):
                yield line.cite(MODERATE)

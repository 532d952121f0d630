"""A node that runs out of process ids."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import WEAK
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reading.nodes.pressure import squeezed
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_use
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.signals import last_words
from tocsin.investigation.diagnosis.world import World

_NO_MORE = r"(?i)fork: .*resource temporarily unavailable|pthread_create failed|unable to create (?:new )?native thread"


@cause("node", modes=("node.pid_pressure",), needs=("Node",))
def node_pid_pressure(world: World) -> Iterator[Finding]:
    """A node runs out of process ids, and its kubelet evicts pods.

    Every process and thread takes one. A program that starts threads or children and never ends them uses up those of
    the whole node; then nothing else on it can start a process either.

    When it is wrong: the kernel's limit (kernel.pid_max) is far too low for the size of the node.
    """
    for held in squeezed(world, "PIDPressure", "pid-pressure", ("pids",)):
        lines = _complaints(world, held.node.subject)
        yield Finding(
            held.node.subject,
            held.text("process ids"),
            cites=[*held.cites, *(line.cite(WEAK) for line in lines)],
            felt_by=held.felt_by(world),
            contributing=sorted({f"{line.key.split('/')[1]} could not start a thread" for line in lines}),
            remedies=[
                cordon(held.node.subject, "it has no process ids left"),
                look_at_use(held.node.subject),
                describe(held.node.subject),
            ],
        )


def _complaints(world: World, node: Subject) -> list[Line]:
    """Return what programs on the node wrote when they were refused a process."""
    said = (last_words(world, pod, held.name, _NO_MORE) for pod in pods_on(world, node) for held in pod.containers)
    return [line for line in said if line]

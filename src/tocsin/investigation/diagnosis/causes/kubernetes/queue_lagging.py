"""Messages that pile up because nobody takes them fast enough."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.load.measurements import piled
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import bothers, cite_complaint, complaints
from tocsin.investigation.diagnosis.world import World

# A consumer that stops at one message and reads it again and again.
_COMPLAINT = (
    r"(?i)poison(?:ous)? (?:message|pill|record)|failed to (?:deserialize|process|consume|handle) .{0,60}\boffset\b"
    r"|seek past the record|maximum delivery (?:count|attempts) (?:reached|exceeded)"
    r"|failed to \w+ .{0,40}(?:dead.?letter|DLQ)|(?:dead.?letter|DLQ) .{0,40}\bfailed\b"
)


@cause("queue", modes=("app.queue_lag",), needs=("Pod",))
def queue_lagging(world: World) -> Iterator[Finding]:
    """Messages wait in a queue several times as long as usual, because their consumer is too slow or stuck.

    Often one message that cannot be read stops it: it is read, fails, and is read again. Or what the consumer writes to
    is slow, or more is produced than one consumer can take.

    When it is wrong: a batch was put into the queue on purpose and is being worked off.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} cannot get past a message: “{ending(line.text)}”",
            cites=[cite_complaint(container, line)],
            remedies=[read_logs(pod.subject, container.name)],
        )
    for held in piled(world):
        yield Finding(
            held.workload,
            f"messages pile up at {held.workload.name}: {held.metric.name} is {held.told}",
            cites=[held.cite(STRONG)],
            remedies=[look("get", "pods", "-o", "wide", of=held.workload, purpose="see whether its consumers run")],
        )

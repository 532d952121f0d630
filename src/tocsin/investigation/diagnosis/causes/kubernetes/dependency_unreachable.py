"""Something that an application calls and does not reach."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.configuration.databases import Databases
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod, Workload
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)connection refused(?!\W*0\b)|ECONNREFUSED|communications link failure|connect(?:ion)? timed? ?out|ETIMEDOUT"
    r"|no route to host|could not connect to server|unable to connect|all (?:\d+ )?(?:host|node)\(s\) tried for"
    r"|can't connect to|not possible to connect|Client\.Timeout exceeded|AMQPConnectionError|run out of available brokers"
    r"|Timed out after \d+ ms while waiting for a server|Timed out waiting for a node assignment|server selection error"
)


@cause("dependency", modes=("app.dependency_down",), needs=("Pod", "logs"), own=False)
def dependency_unreachable(world: World) -> Iterator[Finding]:
    """An application does not reach what it depends on: the connection is refused, or nobody answers.

    What it calls is down, listens elsewhere, or a policy or network between them is closed.

    A database of which nothing is ready is named itself; why it is down, it tells best.

    When it is wrong: the application gives up before the other side had time to start.
    """
    databases = Databases(world)
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        caller, down = world.controller(pod), _down(world, databases, pod, container)
        what = f"{down.name}, of which nothing is ready" if down else "what it depends on"
        yield Finding(
            down.subject if down else caller,
            f"{container.name} in {pod.name} does not reach {what}: “{ending(line.text)}”",
            cites=[line.cite(MODERATE)] if down else complaint_cites(container, line),
            felt_by=[caller],
            remedies=[read_logs(pod.subject, container.name), *([describe(down.subject)] if down else [])],
        )


def _down(world: World, databases: Databases, pod: Pod, container: Container) -> Workload | None:
    """Return the database that a container complains about, where nothing of it is ready; None where it cannot be told."""
    said = "\n".join(line.text for line in world.current_complaints(pod, container))
    held = world.inventory.get(databases.serving(pod, said))
    if not isinstance(held, Workload) or held.subject == world.controller(pod) or not held.mapping("status"):
        return None
    return None if held.available else held

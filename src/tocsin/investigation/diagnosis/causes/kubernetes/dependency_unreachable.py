"""Something that an application calls and does not reach."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)connection refused(?!\W*0\b)|ECONNREFUSED|communications link failure|connect(?:ion)? timed? ?out|ETIMEDOUT"
    r"|no route to host|could not connect to server|unable to connect|all (?:\d+ )?(?:host|node)\(s\) tried for"
)


@cause("dependency", modes=("app.dependency_down",), needs=("Pod", "logs"), own=False)
def dependency_unreachable(world: World) -> Iterator[Finding]:
    """An application does not reach what it depends on: the connection is refused, or nobody answers.

    What it calls is down, listens elsewhere, or a policy or network between them is closed.

    When it is wrong: the application gives up before the other side had time to start.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} does not reach what it depends on: “{line.text.strip()[-140:]}”",
            cites=complaint_cites(container, line),
            remedies=[read_logs(pod.subject, container.name)],
        )

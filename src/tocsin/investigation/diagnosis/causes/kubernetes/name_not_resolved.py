"""A host name that does not resolve."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)UnknownHostException|no such host|name resolution|could not resolve host|ENOTFOUND|EAI_AGAIN"
    r"|Name or service not known|getaddrinfo failed"
)


@cause("dns", needs=("Pod", "logs"), own=False)
def name_not_resolved(world: World) -> Iterator[Finding]:
    """An application cannot resolve the name of a host that it calls.

    The name is mistyped, its Service does not exist, or cluster DNS does not answer that pod.

    When it is wrong: it happens for a moment while the other side is made or DNS restarts.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        yield Finding(
            world.controller(pod), "no connection was tried", [line.cite(STRONG)], against="dependency-unreachable"
        )
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} cannot resolve a name: “{line.text.strip()[-140:]}”",
            cites=[line.cite(CONCLUSIVE)],
            remedies=[read_logs(pod.subject, container.name)],
        )

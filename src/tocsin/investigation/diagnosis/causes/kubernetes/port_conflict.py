"""Two programs in one pod that want the same port."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = r"(?i)address already in use|port \d+ was already in use|EADDRINUSE|only one usage of each socket address"


@cause("crash", needs=("Pod", "logs"))
def port_conflict(world: World) -> Iterator[Finding]:
    """A program cannot listen because its port is already in use.

    The containers of a pod share one network: two of them cannot listen on the same port. A sidecar, often injected,
    or a second process of the same application has it.

    When it is wrong: the former process is still ending; the next start succeeds.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} cannot listen on its port: “{line.text.strip()[-140:]}”",
            cites=[line.cite(CONCLUSIVE)],
            remedies=[read_logs(pod.subject, container.name)],
        )

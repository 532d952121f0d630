"""Two programs in one pod that want the same port."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import complaints, crash_cites
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)address already in use|port \d+ (?:was|is) already in use|EADDRINUSE|only one usage of each socket address"
)
_PORT = re.compile(r"(?:[:\s]|port )(\d{2,5})\b")


@cause("crash", modes=("crash.port_in_use",), needs=("Pod", "logs"))
def port_conflict(world: World) -> Iterator[Finding]:
    """A program cannot listen because its port is already in use.

    The containers of a pod share one network: two of them cannot listen on the same port. A sidecar, often injected,
    or a second process of the same application has it. With the host's network it can be any pod of the node.

    When it is wrong: the former process is still ending; the next start succeeds.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        rivals = _rivals(pod, container, {int(port) for port in _PORT.findall(line.text)})
        names = ", ".join(sorted({name for name, _ in rivals}))
        who = f"; {names} in the same pod declares that port" if rivals else _of_host(pod)
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} cannot listen on its port: “{ending(line.text)}”{who}",
            cites=[*crash_cites(container, line), *(cite for _, cite in rivals)],
            remedies=[
                read_logs(pod.subject, container.name),
                look(
                    *("get", "pod", pod.name, "-o", "jsonpath={range .spec.containers[*]}{.name} {.ports}{'\\n'}{end}"),
                    of=pod.subject,
                    purpose="see which container declares which port",
                ),
            ],
        )


def _rivals(pod: Pod, container: Container, asked: set[int]) -> list[tuple[str, Citation]]:
    """Return the other containers of a pod that declare one of these ports."""
    others = [other for other in pod.containers if other.name != container.name and not other.init]
    return [
        (other.name, part.cite("containerPort", STRONG))
        for other in others
        for part in other.ports
        if part.number("containerPort") in asked
    ]


def _of_host(pod: Pod) -> str:
    return f"; it uses the network of {pod.node}, where others listen too" if pod.get("spec/hostNetwork") else ""

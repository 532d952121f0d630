"""A program that has no more file descriptors or local ports."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.workloads import read_logs, restart
from tocsin.investigation.diagnosis.signals import complaints, crash_cites
from tocsin.investigation.diagnosis.world import World

_FILES = r"too many open files|\bEMFILE\b|\bENFILE\b|file descriptors? (?:limit|exhausted)"
# Said of a connection to somebody; of listening it means a wrong address.
_PORTS = r"(?:dial|connect)\b.{0,80}(?:cannot assign requested address|EADDRNOTAVAIL)|EADDRNOTAVAIL.{0,40}connect"

_HINT = r"[Tt]oo many open|EMFILE|ENFILE|[Ff]ile descriptor|requested address|EADDRNOTAVAIL"


@cause("saturation", modes=("crash.fd_limit",), needs=("Pod", "logs"))
def open_files_exhausted(world: World) -> Iterator[Finding]:
    """A program has used up the files and connections that it may have open, or the local ports for new connections.

    Mostly it does not close what it opened, or opens a connection for each request. A restart helps for a while; the
    limit is rarely too low by itself.

    When it is wrong: a burst of load needs that many for a moment.
    """
    for pod, container, line in complaints(world, rf"(?i:{_FILES}|{_PORTS})", hint=_HINT):
        what = "local ports" if re.search(_PORTS, line.text, re.I) else "files and connections"
        controls = (
            [pod.cite("spec/securityContext/sysctls", MODERATE)] if pod.get("spec/securityContext/sysctls") else []
        )
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} has no {what} left to open: “{ending(line.text)}”",
            cites=[*crash_cites(container, line), *controls],
            remedies=[read_logs(pod.subject, container.name), *restart(world.controller(pod))],
        )

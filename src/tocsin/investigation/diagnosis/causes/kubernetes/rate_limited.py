"""An application that sends more requests than what it calls will take."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = (
    r"(?i)too many requests|TooManyRequestsException|ThrottlingException|rate exceeded"
    r"|rate.?limit(?:ed|ing)?.{0,20}(?:exceeded|reached|hit)|exceeded .{0,20}rate.?limit|requests? (?:was|were|are) throttled"
)
# Said of those who ask this application, which protects itself.
_CLIENTS = re.compile(
    r"\b(?:for|from|by) (?:client|ip|user|tenant|remote)\b|\b(?:answered|answering|returned|returning) 429\b", re.I
)


@cause("dependency", modes=("app.rate_limited",), needs=("Pod", "logs"))
def rate_limited(world: World) -> Iterator[Finding]:
    """What an application calls turns its requests down (429), because there are more of them than agreed.

    Traffic has grown, a loop or a retry without pause asks again and again, or the limit was lowered. Waiting longer
    between tries helps at once; asking less, or a higher limit, for good.

    When it is wrong: the application tells its own clients that they ask too often, which protects it.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        if not bothers(world, container, line) or _CLIENTS.search(line.text):
            continue
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} is turned down for asking too often: “{ending(line.text)}”",
            cites=complaint_cites(container, line),
            remedies=[read_logs(pod.subject, container.name)],
        )

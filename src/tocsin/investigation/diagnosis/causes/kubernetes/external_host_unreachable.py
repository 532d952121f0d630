"""A host outside the cluster that several applications do not reach."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tocsin.ground.addresses import Address
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import bothers, complaints
from tocsin.investigation.diagnosis.world import World

_FAILED = (
    r"[Cc]onnection refused|ECONNREFUSED|[Tt]imed? ?out|ETIMEDOUT|[Nn]o route to host|[Nn]etwork is unreachable|reset by peer"
    r"|\b50[234]\b|Bad Gateway|Service Unavailable|deadline exceeded"
)
_HOST = re.compile(r"(?:://(?:[^@/\s]*@)?|\b(?:to|host[=:]?)\s*['\"]?)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I)
_NAME = re.compile(r"[a-z]{2,}", re.I)


@cause("dependency", modes=("net.egress",), needs=("Pod", "logs"))
def external_host_unreachable(world: World) -> Iterator[Finding]:
    """Several applications fail to reach the same host outside the cluster.

    What they have in common is the way there: the host itself is down, or a firewall, a NAT gateway or an egress policy
    stands between. Nothing in the cluster is wrong with the applications.

    When it is wrong: the applications share a library or a credential that fails, not the way.
    """
    callers: dict[str, dict[Subject, Line]] = defaultdict(dict)
    for pod, container, line in complaints(world, _FAILED):
        for host in _HOST.findall(line.text) if bothers(world, container, line) else ():
            if _outside(host.lower(), pod.namespace):
                callers[host.lower()].setdefault(world.controller(pod), line)
    for host, lines in sorted(callers.items()):
        if len(lines) > 1:
            names = ", ".join(sorted(caller.name for caller in lines)[:4])
            yield Finding(
                Subject("Host", "", host),
                f"{len(lines)} applications ({names}) do not reach {host}, which is outside the cluster",
                cites=[line.cite(STRONG) for _, line in sorted(lines.items())],
                felt_by=sorted(lines),
                remedies=[
                    look("get", "networkpolicies", of=min(lines), purpose="see whether a policy bounds what leaves")
                ],
            )


def _outside(host: str, namespace: str) -> bool:
    last = host.rpartition(".")[2]
    inside = last in ("svc", "local", "internal", "localhost") or Address(host, None).namespace(namespace) == namespace
    return bool(_NAME.fullmatch(last)) and not inside and host.count(".") > 0

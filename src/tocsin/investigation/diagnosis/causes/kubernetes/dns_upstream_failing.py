"""Resolvers outside the cluster that do not answer its DNS servers."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.network.cluster_dns import servers
from tocsin.investigation.diagnosis.reading.network.lookups import outside
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.world import World

# "[ERROR] plugin/errors: 2 example.com. A: read udp 10.1.0.5:4711->10.0.0.2:53: i/o timeout"
_FAILED = re.compile(
    r"plugin/errors: \d+ (?P<name>\S+?)\.? (?:A|AAAA|HTTPS|SRV|MX|TXT|CNAME): "
    r"(?P<why>.*(?:timeout|refused|unreachable|no route).*)"
)


@cause("dns", modes=("dns.upstream",), needs=("Pod", "logs"))
def dns_upstream_failing(world: World) -> Iterator[Finding]:
    """The cluster's DNS servers get no answer from the resolvers to which they send names outside the cluster.

    Names of Services resolve, names of hosts outside do not. The upstream resolver is down, or a firewall or a wrong
    `forward` line in the Corefile stands between.

    When it is wrong: single timeouts among many answers are normal.
    """
    callers = {world.controller(lookup.pod): lookup.line for lookup in outside(world) if not lookup.answered}
    for pod in servers(world):
        for container in pod.containers:
            lines = world.current_complaints(pod, container)
            failed = [line for line in lines if (found := _FAILED.search(line.text)) and _foreign(found["name"])]
            if failed and (callers or len(failed) > 2):
                controller = world.controller(pod)
                found = _FAILED.search(failed[-1].text)
                told = f"{found['name']}: {ending(found['why'], 90)}" if found else ""
                yield Finding(
                    controller,
                    f"{pod.name} gets no answer from its upstream resolver for names outside the cluster, as {told}",
                    cites=[
                        *(line.cite(CONCLUSIVE if callers else WEAK) for line in failed[-3:]),
                        *(said.cite(STRONG) for said in callers.values()),
                    ],
                    felt_by=sorted(callers),
                    remedies=[
                        look(
                            "get",
                            "configmap",
                            "coredns",
                            "-o",
                            "yaml",
                            of=controller,
                            purpose="see where names are sent",
                        ),
                        read_logs(pod.subject, container.name),
                    ],
                )


def _foreign(name: str) -> bool:
    return "." in name and not name.endswith(("cluster.local", "svc", "in-addr.arpa", "ip6.arpa"))

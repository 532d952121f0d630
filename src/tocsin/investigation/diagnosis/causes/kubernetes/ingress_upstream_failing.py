"""What stands behind an ingress controller does not answer it."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import bothers, complaints
from tocsin.investigation.diagnosis.world import World

# nginx: 'connect() failed (111: Connection refused) while connecting to upstream, …, upstream: "http://10.1.0.7:80/x"'.
_MEANINGS = (
    (r"connect\(\) failed \(111", "refuses connections (nothing listens on the port)"),
    (r"connect\(\) failed \(113", "cannot be reached from the controller's node"),
    (r"upstream timed out \(110", "does not answer in time"),
    (r"upstream prematurely closed connection", "closes connections before it answers"),
    (r"upstream sent too big header", "answers with a header larger than the controller accepts"),
    (r"client intended to send too large body", "is sent bodies larger than the controller accepts (413)"),
    (r"no live upstreams", "has failed so often that the controller stopped trying"),
)
_UPSTREAM = re.compile(r'upstream: "[a-z]+://(?P<host>[\w.-]+):(?P<port>\d+)')


@cause("ingress", modes=("ing.5xx",), needs=("Pod", "logs"), own=False)
def ingress_upstream_failing(world: World) -> Iterator[Finding]:
    """An ingress controller or proxy gets no proper answer from the pods behind it, and tells clients 502, 503 or 504.

    Refused means that nothing listens on the port; a timeout that the application is slow or a policy drops packets;
    closed early that it crashed or stops without draining during a rollout.

    When it is wrong: it happened during a rollout that is over.
    """
    pattern = "|".join(words for words, _ in _MEANINGS)
    pods = {pod.text("status/podIP"): pod for pod in world.pods if pod.text("status/podIP")}
    for proxy, container, line in complaints(world, pattern, hint=r"upstream|too large body|connect\(\)"):
        if not bothers(world, container, line):
            continue
        behind = _behind(line, pods)
        meaning = next(told for words, told in _MEANINGS if re.search(words, line.text))
        subject = world.controller(behind) if behind else world.controller(proxy)
        yield Finding(world.controller(proxy), meaning, [line.cite(MODERATE)], against="dependency-unreachable")
        yield Finding(
            subject,
            f"{behind.name if behind else 'what stands'} behind {proxy.name} {meaning}: “{opening(line.text)}”",
            cites=[
                line.cite(CONCLUSIVE if behind else STRONG),
                *([behind.cite("status/podIP", WEAK)] if behind else []),
            ],
            felt_by=[world.controller(proxy), *_services(world, behind)],
            remedies=[*([describe(behind.subject)] if behind else []), read_logs(proxy.subject, container.name)],
        )


def _behind(line: Line, pods: dict[str, Pod]) -> Pod | None:
    found = _UPSTREAM.search(line.text)
    return pods.get(found["host"]) if found else None


def _services(world: World, behind: Pod | None) -> list[Subject]:
    above = world.topology.bearers(behind.subject) if behind else {}
    return sorted(at for at in above if at.kind == "Service")

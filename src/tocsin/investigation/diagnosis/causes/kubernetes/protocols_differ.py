"""Two sides of a connection that speak different protocols."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.configuration.settings import Setting, settings
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.configuration import set_setting
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World

# What is spoken by the caller, what the other side answers with, and how libraries notice it.
_TO_PLAIN = (
    r"server gave HTTP response to HTTPS client|first record does not look like a TLS handshake|wrong version number"
)
_TO_TLS = r"[Cc]lient sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port"
_TO_OLD = r"error reading server preface: http2|http2: frame too large.*HTTP/1|no valid HTTP/1\.0 header|malformed HTTP response"
_MEANINGS = (
    (_TO_PLAIN, "speaks TLS to a side that does not", ("https://", "http://")),
    (_TO_TLS, "speaks without TLS to a side that demands it", ("http://", "https://")),
    (_TO_OLD, "and the other side speak different versions of HTTP, as for gRPC", None),
)
_HOST = re.compile(r"https?://(?:[^@/\s]*@)?([a-z0-9.-]+)", re.I)
_OTHERWISE = ("dependency-unreachable", "container-crash", "application-errors")


@cause("dependency", needs=("Pod", "logs"))
def protocols_differ(world: World) -> Iterator[Finding]:
    """An application speaks another protocol than the port that it calls: with TLS or without, HTTP/1 or gRPC.

    The connection is made and the first bytes are not understood. The scheme of an address was changed, a port of the
    Service leads to another listener, or a proxy between them takes gRPC for HTTP/1.

    When it is wrong: a scanner or a health check asks in another way, and nobody else does.
    """
    hint = r"HTTP|TLS handshake|version number|preface"
    for pod, container, line in complaints(world, "|".join(words for words, _, _ in _MEANINGS), hint=hint):
        if not bothers(world, container, line):
            continue
        controller = world.controller(pod)
        told, schemes = next((told, schemes) for words, told, schemes in _MEANINGS if re.search(words, line.text))
        wrong = _wrong(world, pod, line, schemes)
        for other in _OTHERWISE:
            yield Finding(controller, "the connection was made", [line.cite(STRONG)], against=other)
        yield Finding(
            controller,
            f"{container.name} in {pod.name} {told}: “{ending(line.text)}”",
            cites=[*complaint_cites(container, line), *_cites(wrong)],
            remedies=[*_remedies(world, pod, wrong, schemes), read_logs(pod.subject, container.name)],
        )


def _wrong(world: World, pod: Pod, line: Line, schemes: tuple[str, str] | None) -> tuple[str, Setting] | None:
    """Return the variable whose address has the wrong scheme, with its container, where the line names the host."""
    workload, host = world.workload(pod.subject), _HOST.search(line.text)
    for container in workload.containers if workload and host and schemes else ():
        for setting in settings(world, container, pod.namespace):
            if schemes and host and f"{schemes[0]}{host[1]}" in setting.value:
                return container.name, setting
    return None


def _cites(wrong: tuple[str, Setting] | None) -> list[Citation]:
    return [wrong[1].held.cite(wrong[1].path, STRONG)] if wrong else []


def _remedies(
    world: World, pod: Pod, wrong: tuple[str, Setting] | None, schemes: tuple[str, str] | None
) -> tuple[Command, ...]:
    if not wrong or not schemes:
        return ()
    container, setting = wrong
    return set_setting(world.controller(pod), container, setting, setting.value.replace(*schemes))

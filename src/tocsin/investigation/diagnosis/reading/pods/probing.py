"""How probes ask and how long they wait: what in a specification explains that a probe fails."""

import re
from collections.abc import Iterable

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

_WAYS = ("grpc", "httpGet", "tcpSocket", "exec")
_ANSWERS_OTHERWISE = re.compile(
    r"malformed HTTP|server gave HTTP response to HTTPS|first record does not look like a TLS|error reading server preface"
    r"|connection reset|http2: |does not implement the grpc health|rpc health checks",
    re.I,
)
# What a server answers that has no such path, or not without credentials, as a probe has none.
_UNKNOWN_PATH = re.compile(r"statuscode: (40[1345])\b")
_ADDRESS = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:(\d{1,5})\b")
_NOBODY = re.compile(r"connection refused|failed to connect service|context deadline exceeded|i/o timeout", re.I)

_HAD_KILLED = re.compile(r"failed (?:liveness|startup) probe|^(?:Liveness|Startup) probe (?:failed|errored)")


def shown(field: str) -> str:
    """Name a probe as people do."""
    return f"{field.removesuffix('Probe')} probe"


def way(probe: Part) -> str:
    """Return how a probe asks: grpc, httpGet, tcpSocket or exec."""
    return next((name for name in _WAYS if name in probe.value), "")


def port(container: Container, probe: Part) -> int | None:
    """Return the port that a probe asks on; a name is looked up among the container's ports."""
    asked = probe.get(f"{way(probe)}/port")
    if isinstance(asked, str):
        named = (part.number("containerPort") for part in container.ports if part.text("name") == asked)
        return next(named, None) if whole(asked) is None else whole(asked)
    return asked if isinstance(asked, int) else None


def mistaken(pod: Pod, container: Container, field: str, said: str) -> str:
    """Say what is wrong with how a failing probe asks; empty when it asks rightly as far as one can see."""
    probe = container.spec.part(field)
    asked = port(container, probe) if probe else None
    if probe is None or asked is None or ((named := _ADDRESS.search(said)) and int(named[1]) != asked):
        return ""
    if told := _UNKNOWN_PATH.search(said):
        path = probe.text("httpGet/path") or "/"
        return f"asks for {path} on port {asked}, which the application answers with {told[1]}"
    declared = sorted(
        {number for other in pod.containers for part in other.ports if (number := part.number("containerPort"))}
    )
    if _ANSWERS_OTHERWISE.search(said):
        return f"asks by {way(probe)} on port {asked}, where the application speaks another protocol"
    if declared and asked not in declared and _NOBODY.search(said):
        return f"asks on port {asked}, but the pod declares {', '.join(map(str, declared))}"
    others = [(other, part) for other, part in container.probes() if other != field and way(part) != way(probe)]
    same = [other for other, part in others if port(container, part) == asked]
    # A TCP probe only connects: whatever protocol is spoken there, that it is refused says nothing of it.
    if same and way(probe) not in ("exec", "tcpSocket") and _NOBODY.search(said):
        return f"asks by {way(probe)} on port {asked}, the {shown(same[0])} by {way(container.spec.part(same[0]) or probe)}"
    return ""


def passes_elsewhere(pods: Iterable[Pod], pod: Pod, container: Container, field: str) -> bool:
    """Tell whether a container of the same image passes the same probe in another pod: then the probe asks rightly."""
    asked = container.spec.get(field)
    others = (other for there in pods if there.subject != pod.subject for other in there.containers)
    twins = (other for other in others if other.image == container.image and other.ready)
    return any(twin.spec.get(field) == asked for twin in twins)


def killed_by_probe(world: World, pod: Pod) -> bool:
    """Tell whether the kubelet had a container of a pod killed by a probe: then its exit code says nothing of its own."""
    events = world.events("Killing", "Unhealthy", about=pod.subject)
    return any(_HAD_KILLED.search(event.message) for event in events)


def killed_at_start(pod: Pod, container: Container, field: str) -> bool:
    """Tell whether the last run of a container ended when the patience of a probe did: it never answered from its start.

    The kubelet kills after the last allowed failure; the program then has its grace period to end.
    """
    probe, exit_ = container.spec.part(field), container.last_exit
    began, ended = (exit_.time("startedAt"), exit_.time("finishedAt")) if exit_ else (None, None)
    if not probe or not exit_ or not began or not ended or container.ready:
        return False
    lived, period = (ended - began).total_seconds(), probe.number("periodSeconds") or 10
    grace = pod.number("spec/terminationGracePeriodSeconds")
    longest = patience(probe) + 2 * period + (30 if grace is None else grace)
    return patience(probe) - 2 * period <= lived <= longest and exit_.text("reason") != "OOMKilled"


def patience(probe: Part) -> int:
    """Return the seconds from a container's start to the kill: initial delay + failure threshold x period (defaults 0, 3, 10)."""
    failures, period = probe.number("failureThreshold") or 3, probe.number("periodSeconds") or 10
    return (probe.number("initialDelaySeconds") or 0) + failures * period

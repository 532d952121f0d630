"""A readiness probe that begins, or is believed, only long after the start."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Part
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reading.pods.probing import port, way
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.patches import patch_container
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

_LONG, _WAITED = 120, timedelta(seconds=60)
_USUAL: Mapping[str, int] = {"initialDelaySeconds": 10, "periodSeconds": 10, "successThreshold": 1}


@cause("probe", needs=("Pod",))
def readiness_probe_late(world: World) -> Iterator[Finding]:
    """A container runs and is not ready because its readiness probe asks for the first time, or again, only much later.

    Until the initial delay is over nobody asks. After a failure the next question comes a period later, and a success
    threshold makes the kubelet wait for several good answers. The application may have been able to serve long before.

    When it is wrong: it does need that long to start, and the probe is right to wait.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        for container in pod.containers if now and not pod.ready and not pod.leaving else ():
            probe, since = container.spec.part("readinessProbe"), _since(container)
            if not now or not probe or not since or container.ready or container.init or now - since < _WAITED:
                continue
            wait = _wait(world, pod, probe, since)
            if not wait or wait.seconds < _LONG or now - wait.since > timedelta(seconds=wait.seconds):
                continue
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} runs for {ago(since, now)} and {wait.told}: "
                f"{wait.field} of its readiness probe is {probe.number(wait.field)}",
                cites=[
                    probe.cite(wait.field, STRONG if _answers(container, probe) else MODERATE),
                    *([container.status.cite("state/running/startedAt", MODERATE)] if container.status else []),
                ],
                remedies=[*_sooner(world, pod, container, wait.field), *rollback(world.controller(pod))],
            )


class _Wait(NamedTuple):
    """Since when, and for how many seconds, a container cannot become ready, and which field of the probe is why."""

    since: datetime
    seconds: int
    field: str
    told: str


def _wait(world: World, pod: Pod, probe: Part, since: datetime) -> _Wait | None:
    period, successes = probe.number("periodSeconds") or 10, probe.number("successThreshold") or 1
    events = world.events("Unhealthy", about=pod.subject)
    failed = next((event for event in events if event.message.startswith("Readiness") and event.last), None)
    if failed and failed.last:
        return _Wait(failed.last, period, "periodSeconds", f"is asked again {period} s after it failed its probe")
    if successes > 1:
        seconds = (probe.number("initialDelaySeconds") or 0) + (successes - 1) * period
        return _Wait(since, seconds, "successThreshold", f"cannot be ready before {seconds} s")
    delay = probe.number("initialDelaySeconds")
    # It is asked every period from when the pod came, so for the first time up to a period after the delay.
    told = f"cannot be ready before {delay} s"
    return _Wait(since, delay + period, "initialDelaySeconds", told) if delay else None


def _since(container: Container) -> datetime | None:
    return container.status.time("state/running/startedAt") if container.status else None


def _answers(container: Container, probe: Part) -> bool:
    """Tell whether the liveness probe asks there too, and earlier: then the container answers, as it was not killed."""
    alive = container.spec.part("livenessProbe")
    if not alive or container.restarts or not way(probe) or port(container, alive) != port(container, probe):
        return False
    return (alive.number("initialDelaySeconds") or 0) < _LONG


def _sooner(world: World, pod: Pod, container: Container, field: str) -> Sequence[Command]:
    return patch_container(
        world.workload(pod.subject),
        container.name,
        f"readinessProbe/{field}",
        _USUAL[field],
        purpose=f"let the readiness probe of {container.name} say so as soon as it is ready",
        before="the application is ready once it answers the probe",
    )

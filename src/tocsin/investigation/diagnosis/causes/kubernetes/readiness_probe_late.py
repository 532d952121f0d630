"""A readiness probe that begins, or is believed, only long after the start."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.changes import ago
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Part
from tocsin.investigation.diagnosis.probing import way
from tocsin.investigation.diagnosis.remedies.patches import patch_container
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

_LONG, _WAITED = 120, timedelta(seconds=60)
_USUAL_DELAY = 10


@cause("probe", needs=("Pod",))
def readiness_probe_late(world: World) -> Iterator[Finding]:
    """A container runs and is not ready because its readiness probe asks for the first time only much later.

    Until the initial delay is over nobody asks, and a success threshold makes the kubelet wait for several good
    answers, one a period. The application may have been able to serve long before.

    When it is wrong: it does need that long to start, and the probe is right to wait.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        for container in pod.containers if now and not pod.ready and not pod.leaving else ():
            probe, since = container.spec.part("readinessProbe"), _since(container)
            if not now or not probe or not since or container.ready or container.init:
                continue
            earliest = _earliest(probe)
            if earliest < _LONG or not _WAITED < now - since < timedelta(seconds=earliest) or _failed(world, pod):
                continue
            field = "successThreshold" if (probe.number("successThreshold") or 1) > 1 else "initialDelaySeconds"
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} runs for {ago(since, now)} and cannot be ready before {earliest} s: "
                f"{field} of its readiness probe is {probe.number(field)}",
                cites=[
                    probe.cite(field, STRONG if _answers(container, probe) else MODERATE),
                    *([container.status.cite("state/running/startedAt", MODERATE)] if container.status else []),
                ],
                remedies=[
                    *patch_container(
                        world.workload(pod.subject),
                        container.name,
                        f"readinessProbe/{field}",
                        _USUAL_DELAY if field == "initialDelaySeconds" else 1,
                        purpose=f"let the readiness probe of {container.name} say so as soon as it is ready",
                        before="the application is ready once it answers the probe",
                    ),
                    *rollback(world.controller(pod)),
                ],
            )


def _earliest(probe: Part) -> int:
    """Return the seconds after a start before which a container cannot be ready."""
    period, successes = probe.number("periodSeconds") or 10, probe.number("successThreshold") or 1
    return (probe.number("initialDelaySeconds") or 0) + (successes - 1) * period


def _since(container: Container) -> datetime | None:
    return container.status.time("state/running/startedAt") if container.status else None


def _failed(world: World, pod: Pod) -> bool:
    return any(event.message.startswith("Readiness") for event in world.events("Unhealthy", about=pod.subject))


def _answers(container: Container, probe: Part) -> bool:
    """Tell whether the liveness probe asks the same, and earlier: then the container answers, as it was not killed."""
    alive = container.spec.part("livenessProbe")
    if not alive or container.restarts or alive.get(way(alive)) != probe.get(way(probe)):
        return False
    return (alive.number("initialDelaySeconds") or 0) < (probe.number("initialDelaySeconds") or 0)

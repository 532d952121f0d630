"""A container that is ready, and then not, again and again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.probes import answer_later
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

_SETTLED, _LATELY, _LEAST = timedelta(minutes=15), timedelta(minutes=10), 6


class _Flap(NamedTuple):
    event: StoredEvent
    ready: Part
    container: Container
    probe: Part


@cause("probe", modes=("probe.flapping",), needs=("Pod", "events"), own=False)
def readiness_flapping(world: World) -> Iterator[Finding]:
    """A container passes its readiness probe and fails it by turns, without ever being restarted.

    Each time it leaves its Services and comes back, and its requests go to the others, which then are overloaded too.
    Mostly it is overloaded, pauses to collect garbage, or the probe allows it a second only.

    When it is wrong: it depends on something that comes and goes.
    """
    now = world.snapshot.captured_at
    for pod in world.pods:
        flap = _flap(world, pod, now) if now else None
        if not flap or not flap.event.first or not flap.event.last:
            continue
        container, probe = flap.container, flap.probe
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} is ready and not ready by turns: its readiness probe failed "
            f"{flap.event.count} times in {ago(flap.event.first, flap.event.last)}: "
            f"{opening(flap.event.message.partition(': ')[2], 90)}",
            cites=[
                cite_event(flap.event, STRONG),
                flap.ready.cite("lastTransitionTime", MODERATE),
                container.cite("readinessProbe", MODERATE),
            ],
            remedies=[
                *answer_later(world.workload(pod.subject), container.name, "readinessProbe", probe),
                look("top", "pod", pod.name, "--containers", of=pod.subject, purpose="see whether it is short of CPU"),
            ],
        )


def _flap(world: World, pod: Pod, now: datetime) -> _Flap | None:
    """Return a probe that failed before the pod's readiness changed last and, or so, failed after it was ready again."""
    ready = pod.condition("Ready")
    turned = ready.time("lastTransitionTime") if ready else None
    if ready is None or turned is None:
        return None
    for event in world.events("Unhealthy", about=pod.subject):
        if not event.message.startswith("Readiness") or event.count < _LEAST or not event.first or not event.last:
            continue
        again = event.last > turned if pod.ready else turned - event.first > _LATELY
        if not again or event.first > turned or now - event.last > _LATELY:
            continue
        for container in pod.containers:
            probe, status = container.spec.part("readinessProbe"), container.status
            started = status.time("state/running/startedAt") if status else None
            if probe and started and turned - started > _SETTLED:
                return _Flap(event, ready, container, probe)
    return None

"""A workload of which nobody wants a single replica."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.asked import named_by_alert
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.load.autoscalers import KIND, Obstacle, hindered
from tocsin.investigation.diagnosis.remedies.workloads import scale_to
from tocsin.investigation.diagnosis.resources import Service, Workload, selects
from tocsin.investigation.diagnosis.world import World, cite_event

_DOWN = re.compile(r"Scaled down replica set \S+ (?:to 0 from (\d{1,5})|from (\d{1,5}) to 0)")
_LATELY = timedelta(hours=1)
_PAUSED = "metadata/annotations/autoscaling.keda.sh~1paused-replicas"


@cause("rollout", modes=("rollout.scaled_zero", "hpa.disabled"), needs=("Deployment",))
def scaled_to_zero(world: World) -> Iterator[Finding]:
    """A workload is scaled to zero while a Service still sends requests to it, or an autoscaler was to look after it.

    Nothing fails in the cluster: there is just nobody to answer. It happens by hand, by an autoscaler, or by a
    schedule that did not scale up again. A HorizontalPodAutoscaler does nothing for a workload at zero.

    When it is wrong: it sleeps on purpose (scale to zero on demand, an environment switched off at night). So it is
    told where somebody calls it or asks about it, or where it happened within the hour.
    """
    disabled = (
        {held.target: held for held in hindered(world, "ScalingActive", "ScalingDisabled")} if world.of(KIND) else {}
    )
    for workload in world.workloads:
        if workload.kind not in ("Deployment", "StatefulSet") or workload.desired or _wakes_on_demand(world, workload):
            continue
        services, idle = _waiting(world, workload), disabled.get(workload.subject)
        before, how, recent = _before(world, workload)
        if not (recent or _needed(world, workload, services)):
            continue
        for service in services:
            yield Finding(
                workload.subject,
                f"{workload.name} is scaled to zero, and service {service.name} has nobody else to send requests to",
                cites=[workload.cite("spec/replicas", STRONG), service.cite("spec/selector", WEAK), *how, *_told(idle)],
                felt_by=[service.subject],
                remedies=[scale_to(workload.subject, before, 0)],
            )
        if idle and not services:
            yield Finding(
                workload.subject,
                f"{workload.name} is scaled to zero, and autoscaler {idle.scaler.name} does nothing for it until it is scaled up",
                cites=[workload.cite("spec/replicas", STRONG), *_told(idle), *how],
                felt_by=[idle.scaler.subject],
                remedies=[scale_to(workload.subject, before, 0)],
            )


def _waiting(world: World, workload: Workload) -> list[Service]:
    """Return the Services that select the workload's pods and have no ready pod of another one."""
    return [
        service
        for service in world.services
        if service.namespace == workload.namespace
        and selects(service.selector, workload.template_labels)
        and not any(pod.ready and not pod.leaving for pod in world.selected(service))
    ]


def _wakes_on_demand(world: World, workload: Workload) -> bool:
    """Tell whether a KEDA ScaledObject may scale it to zero, and is not paused there."""
    return any(
        scaled.namespace == workload.namespace
        and scaled.text("spec/scaleTargetRef/name") == workload.name
        and not scaled.number("spec/minReplicaCount")
        and scaled.get(_PAUSED) is None
        for scaled in world.inventory.of("ScaledObject")
    )


def _needed(world: World, workload: Workload, services: list[Service]) -> bool:
    """Tell whether anybody needs it: the alert names it or a Service of it; somebody calls that, or tried in vain."""
    asked = any(named_by_alert(item, world.inventory) for item in (workload, *services))
    tried = any(any(world.unreached(held.name, port.number("port"))) for held in services for port in held.ports)
    return asked or tried or any(len(world.topology.downstream(service.subject)) > 1 for service in services)


def _before(world: World, workload: Workload) -> tuple[int, list[Citation], bool]:
    """Return how many replicas there were, 1 where nobody knows, what tells it, and whether that was a moment ago."""
    entries = [entry for entry in workload.parts("metadata/managedFields") if entry.text("subresource") == "scale"]
    times = [at for entry in entries if (at := entry.time("time"))]
    cites = [entry.cite("time", WEAK) for entry in entries if entry.time("time")]
    replicas = 1
    for event in world.events("ScalingReplicaSet", about=workload.subject):
        if found := _DOWN.search(event.message):
            replicas = int(found[1] or found[2]) or 1
            cites.append(cite_event(event, MODERATE))
            times += [event.last] if event.last else []
            break
    return replicas, cites, world.snapshot.within(max(times, default=None), _LATELY)


def _told(idle: Obstacle | None) -> list[Citation]:
    return [idle.told.cite("reason", MODERATE)] if idle else []

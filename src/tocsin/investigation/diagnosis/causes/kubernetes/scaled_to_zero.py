"""A workload of which nobody wants a single replica."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.autoscalers import KIND, Obstacle, hindered
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.remedies.workloads import scale_to
from tocsin.investigation.diagnosis.resources import Service, Workload, selects
from tocsin.investigation.diagnosis.world import World, cite_event

_DOWN = re.compile(r"Scaled down replica set \S+ (?:to 0 from (\d{1,5})|from (\d{1,5}) to 0)")
_PAUSED = "metadata/annotations/autoscaling.keda.sh~1paused-replicas"


@cause("rollout", modes=("rollout.scaled_zero", "hpa.disabled"), needs=("Deployment",))
def scaled_to_zero(world: World) -> Iterator[Finding]:
    """A workload is scaled to zero while a Service still sends requests to it, or an autoscaler was to look after it.

    Nothing fails in the cluster: there is just nobody to answer. It happens by hand, by an autoscaler, or by a
    schedule that did not scale up again. A HorizontalPodAutoscaler does nothing for a workload at zero.

    When it is wrong: it sleeps on purpose (scale to zero on demand, an environment switched off at night).
    """
    disabled = (
        {held.target: held for held in hindered(world, "ScalingActive", "ScalingDisabled")} if world.of(KIND) else {}
    )
    for workload in world.workloads:
        if workload.kind not in ("Deployment", "StatefulSet") or workload.desired or _wakes_on_demand(world, workload):
            continue
        services, idle = _waiting(world, workload), disabled.get(workload.subject)
        before, how = _before(world, workload)
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


def _before(world: World, workload: Workload) -> tuple[int, list[Citation]]:
    """Return how many replicas there were, 1 where nobody knows, and what tells who took them away."""
    cites = [
        entry.cite("time", WEAK)
        for entry in workload.parts("metadata/managedFields")
        if entry.text("subresource") == "scale" and entry.time("time")
    ]
    for event in world.events("ScalingReplicaSet", about=workload.subject):
        if found := _DOWN.search(event.message):
            return int(found[1] or found[2]) or 1, [cite_event(event, MODERATE), *cites]
    return 1, cites


def _told(idle: Obstacle | None) -> list[Citation]:
    return [idle.told.cite("reason", MODERATE)] if idle else []

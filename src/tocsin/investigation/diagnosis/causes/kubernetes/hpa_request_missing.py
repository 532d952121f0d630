"""An autoscaler that cannot compute utilisation, because a container requests nothing."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.reading.load.autoscalers import Obstacle, hindered
from tocsin.investigation.diagnosis.reading.load.usage import usages
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.resources import request_use
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Container
from tocsin.investigation.diagnosis.world import World

_MISSING = re.compile(r"missing request for (?P<resource>[\w.-]+)(?: in container (?P<container>\S+))?")


@cause("autoscaling", modes=("hpa.no_request",), needs=("HorizontalPodAutoscaler",))
def hpa_request_missing(world: World) -> Iterator[Finding]:
    """An autoscaler does nothing: it scales by the share of the request that is used, and a container requests nothing.

    Every container of the pod must have a request for that resource. Often it is one that is injected into the pod, a
    proxy for instance, and so does not stand in the workload's own manifest.

    When it is wrong: hardly ever; the autoscaler itself says so.
    """
    for held in hindered(world, "ScalingActive", "FailedGetResourceMetric"):
        if found := _MISSING.search(held.message):
            resource, lacking = found["resource"], _lacking(world, held.target, found)
            names = ", ".join(container.name for container in lacking) or found["container"] or "a container"
            yield Finding(
                held.scaler.subject,
                f"autoscaler {held.scaler.name} does nothing for {held.target.name}: {names} requests no {resource}",
                cites=[held.told.cite("message", CONCLUSIVE), *_cites(lacking)],
                felt_by=[held.target],
                remedies=[*_remedies(world, held, resource, lacking), describe(held.scaler.subject)],
            )


def _lacking(world: World, target: Subject, found: re.Match[str]) -> list[Container]:
    """Return the containers in the workload's template that request nothing of the resource."""
    workload, named = world.workload(target), (found["container"] or "").strip(",.")
    return [
        container
        for container in (workload.containers if workload else ())
        if container.amount("requests", found["resource"]) is None and named in ("", container.name)
    ]


def _cites(lacking: list[Container]) -> list[Citation]:
    return [container.cite("resources/requests", MODERATE) for container in lacking]


def _remedies(world: World, held: Obstacle, resource: str, lacking: list[Container]) -> Iterator[Command]:
    """Yield how to request what is used, where that was measured."""
    pods = {pod.subject for pod in world.pods_of(held.target)}
    for container in lacking if resource in ("cpu", "memory") else ():
        used = [use.amount for use in usages(world, resource) if use.pod in pods and use.container == container.name]
        if used:
            yield request_use(held.target, container, resource, max(used))

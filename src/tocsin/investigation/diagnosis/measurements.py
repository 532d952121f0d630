"""What was measured of services: which answer slowly, which are held back in their use of CPU."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.sections import Metric
from tocsin.investigation.diagnosis.world import World

_LATENCY = re.compile(r"latency|duration|response.?time", re.I)
_THROTTLING = re.compile(r"throttl|cpu_cfs", re.I)
_SLOWER, _LEAST_SECONDS = 3.0, 0.03


@dataclass(frozen=True, slots=True)
class Measurement:
    """One metric of an object: `subject` as the source named it, `workload` what people would change."""

    metric: Metric
    subject: Subject
    workload: Subject
    index: int

    @property
    def ratio(self) -> float:
        """How many times the usual value it is; 1 where nobody knows the usual one."""
        return self.metric.value / self.metric.baseline if self.metric.baseline else 1.0

    def cite(self, weight: float = MODERATE) -> Citation:
        """Cite the value."""
        return Citation(f"metrics/{self.index}#/value", self.metric.value, weight, self.subject)


def slow(world: World) -> list[Measurement]:
    """Return the latencies far above what is usual, worst first."""
    found = [held for held in _measured(world, _LATENCY) if held.ratio > _SLOWER and _noticeable(held.metric)]
    return sorted(found, key=lambda held: (-held.ratio, held.subject, held.metric.name))


def throttled(world: World) -> list[Measurement]:
    """Return the measurements of containers that were kept from the CPU by their limit."""
    return [held for held in _measured(world, _THROTTLING) if held.metric.value > 0]


def _noticeable(metric: Metric) -> bool:
    return metric.unit != "seconds" or metric.value - (metric.baseline or 0.0) > _LEAST_SECONDS


def _measured(world: World, pattern: re.Pattern[str]) -> Iterator[Measurement]:
    world.knows("metrics")
    for index, metric in enumerate(world.snapshot.metrics):
        about = metric.about
        if pattern.search(metric.name) and about.kind and about.name:
            subject = Subject(about.kind, about.namespace or world.snapshot.namespace, about.name)
            yield Measurement(metric, subject, _behind(world, subject), index)


def _behind(world: World, subject: Subject) -> Subject:
    """Return the workload behind a Service, or above a pod."""
    held = world.inventory.get(subject)
    if not isinstance(held, Service):
        return world.controller(subject)
    return next((workload.subject for workload in world.inventory.behind(held)), subject)

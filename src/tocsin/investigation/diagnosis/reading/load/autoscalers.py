"""HorizontalPodAutoscalers: what each one scales, why it cannot, and what it measures against what it wants."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

KIND = "HorizontalPodAutoscaler"


class Obstacle(NamedTuple):
    """A condition of an autoscaler that keeps it from its work."""

    scaler: Resource
    target: Subject
    told: Part

    @property
    def message(self) -> str:
        return self.told.text("message")


class Gauge(NamedTuple):
    """One metric of an autoscaler: what it is now and what it shall be, in the same unit."""

    name: str
    now: Fraction
    wanted: Fraction
    part: Part

    @property
    def ratio(self) -> Fraction:
        """How many times more replicas it would take."""
        return self.now / self.wanted


def target_of(scaler: Resource) -> Subject:
    """Return what an autoscaler scales."""
    wanted = "spec/scaleTargetRef"
    return Subject(scaler.text(f"{wanted}/kind"), scaler.namespace, scaler.text(f"{wanted}/name"))


def hindered(world: World, kind: str, *reasons: str) -> Iterator[Obstacle]:
    """Yield the autoscalers whose condition ("ScalingActive", "AbleToScale") is False for one of these reasons."""
    for scaler in world.of(KIND):
        told = scaler.condition(kind)
        if told and told.text("status") == "False" and told.text("reason") in reasons:
            yield Obstacle(scaler, target_of(scaler), told)


def gauges(scaler: Resource) -> Iterator[Gauge]:
    """Yield the resource metrics for which both the present and the wanted value are known."""
    wanted = {metric.text("resource/name"): metric for metric in scaler.parts("spec/metrics")}
    for held in scaler.parts("status/currentMetrics"):
        name = held.text("resource/name")
        for field in ("averageUtilization", "averageValue"):
            now = parse_quantity(held.get(f"resource/current/{field}"))
            aim = parse_quantity(wanted[name].get(f"resource/target/{field}")) if name in wanted else None
            if now is not None and aim:
                yield Gauge(name, now, aim, held)
                break

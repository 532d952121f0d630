"""Nodes that run short of memory, disk space or process ids: who was put out, who is kept out, and who fills them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.quantity import bytes_text
from tocsin.investigation.diagnosis.reading.load.usage import requested, usages
from tocsin.investigation.diagnosis.reading.nodes.evictions import Eviction, evictions
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Node, Pod
from tocsin.investigation.diagnosis.signals import Saying, unscheduled
from tocsin.investigation.diagnosis.world import World, cite_event


class Consumer(NamedTuple):
    """The container that uses most above its request (bytes), as measured or as an eviction told."""

    pod: Pod
    container: str
    used: Fraction
    asked: Fraction
    cite: Citation

    def __str__(self) -> str:
        asked = f"having requested {bytes_text(self.asked)}" if self.asked else "having requested nothing"
        return f"{self.container or 'the pod'} in {self.pod.name} uses {bytes_text(self.used)}, {asked}"


class Squeeze(NamedTuple):
    """A node under one kind of pressure, with all that shows it."""

    node: Node
    told: Part
    evicted: list[Eviction]
    kept_out: list[Saying]
    consumer: Consumer | None
    cites: list[Citation]

    def felt_by(self, world: World) -> list[Subject]:
        """Return the workloads that lost a pod, or cannot place one."""
        return [world.controller(held.pod) for held in self.evicted] + [held.controller for held in self.kept_out]

    def text(self, resource: str) -> str:
        """Say what runs out, whom it hits and who uses most."""
        most = f"; {self.consumer}" if self.consumer else ""
        hit = f"{len(self.evicted)} pods evicted, {len(self.kept_out)} kept out"
        return f"node {self.node.name} runs out of {resource}; {hit}{most}"


def squeezed(world: World, condition: str, taint: str, resources: tuple[str, ...]) -> Iterator[Squeeze]:
    """Yield the nodes that report a pressure; `taint` is what they get for it, `resources` what evictions call it."""
    for node in world.nodes:
        told = node.condition(condition)
        if not told or told.text("status") != "True":
            continue
        evicted = [held for held in evictions(world) if held.pod.node == node.name and held.resource in resources]
        kept_out = [saying for saying in unscheduled(world) if taint in saying.text]
        consumer = consumer_on(world, node.subject, evicted, "memory" if "memory" in resources else "")
        cites = [
            told.cite("message" if told.text("message") else "status", STRONG),
            *(held.cite for held in evicted),
            *(saying.weighing(MODERATE) for saying in kept_out),
            *(cite_event(event) for event in world.events("EvictionThresholdMet", about=node.subject)),
            *([consumer.cite] if consumer else []),
        ]
        yield Squeeze(node, told, evicted, kept_out, consumer, cites)


def consumer_on(world: World, node: Subject, evicted: list[Eviction], resource: str) -> Consumer | None:
    """Return who uses most above its request on a node: as measured now, else as the evictions told."""
    here = {pod.subject: pod for pod in pods_on(world, node)} if resource else {}
    found = [
        Consumer(pod, use.container, use.amount, requested(pod, use.container, resource), use.cite)
        for use in (usages(world, resource) if resource else ())
        if (pod := here.get(use.pod))
    ]
    found += [Consumer(one.pod, one.container, one.used, one.requested, one.cite) for one in evicted if one.used]
    above = [one for one in found if one.used > one.asked]
    return max(above, key=lambda one: (one.used - one.asked, one.pod.subject, one.container), default=None)


def container_of(world: World, consumer: Consumer) -> Container | None:
    """Return the consumer's container in its workload's template, None when that is not stored."""
    workload = world.workload(consumer.pod.subject)
    return next((held for held in workload.containers if held.name == consumer.container), None) if workload else None

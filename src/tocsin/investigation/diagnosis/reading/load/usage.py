"""How much CPU and memory pods use, as the metrics API or a monitoring system measured it, against what they asked for."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

# Names as cAdvisor, the kubelet and the metrics API give them; what tells of bounds is no usage.
_MEASURED: Mapping[str, re.Pattern[str]] = {
    "memory": re.compile(r"mem(?:ory)?(?!.*(?:limit|request|cache|swap))", re.I),
    "cpu": re.compile(r"cpu(?!.*(?:limit|request|throttl|cfs))", re.I),
}
_UNITS: Mapping[str, str] = {"memory": "bytes", "cpu": "cores"}


class Usage(NamedTuple):
    """What one container (or a whole pod, then `container` is empty) uses, in bytes or cores."""

    pod: Subject
    container: str
    amount: Fraction
    cite: Citation


def usages(world: World, resource: str) -> Iterator[Usage]:
    """Yield what is known of the use of "memory" or "cpu"."""
    for held in world.inventory.of("PodMetrics"):
        pod = Subject("Pod", held.namespace, held.name)
        for part in held.parts("containers"):
            if amount := parse_quantity(part.get(f"usage/{resource}")):
                yield Usage(pod, part.text("name"), amount, part.cite(f"usage/{resource}", WEAK))
    for index, metric in enumerate(world.snapshot.metrics):
        about, known = metric.about, metric.unit == _UNITS[resource] and metric.value > 0
        if known and about.kind == "Pod" and about.name and _MEASURED[resource].search(metric.name):
            pod = Subject("Pod", about.namespace or world.snapshot.namespace, about.name)
            cite = Citation(f"metrics/{index}#/value", metric.value, WEAK, pod)
            yield Usage(pod, metric.labels.get("container", ""), Fraction(metric.value), cite)


def requested(pod: Pod, container: str, resource: str) -> Fraction:
    """Return what a container, or all of them, requested; 0 for nothing."""
    asked = [held.amount("requests", resource) for held in pod.containers if container in ("", held.name)]
    return sum((amount for amount in asked if amount), Fraction(0))


def node_usages(world: World, resource: str) -> Mapping[Subject, tuple[Fraction, Citation]]:
    """Return how much of "cpu" or "memory" each node uses, as far as it was measured."""
    found: dict[Subject, tuple[Fraction, Citation]] = {}
    for held in world.inventory.of("NodeMetrics"):
        if amount := parse_quantity(held.get(f"usage/{resource}")):
            found[Subject("Node", "", held.name)] = (amount, held.cite(f"usage/{resource}", MODERATE))
    for index, metric in enumerate(world.snapshot.metrics):
        known = metric.about.kind == "Node" and metric.about.name and metric.unit == _UNITS[resource]
        if known and metric.value > 0 and _MEASURED[resource].search(metric.name):
            node = Subject("Node", "", metric.about.name or "")
            found[node] = (Fraction(metric.value), Citation(f"metrics/{index}#/value", metric.value, MODERATE, node))
    return found

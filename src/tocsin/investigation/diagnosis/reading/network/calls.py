"""Who calls which Service, as far as environments, logs and traces tell, and on which ports of its pods."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import STRONG, Citation, Part
from tocsin.investigation.diagnosis.reading.network.policies import replicas
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Service
from tocsin.investigation.diagnosis.signals import bothers
from tocsin.investigation.diagnosis.world import World


@dataclass(frozen=True, slots=True)
class Pair:
    """A workload that calls a Service, with pods of both sides."""

    caller: Subject
    service: Service
    callers: tuple[Pod, ...]
    callees: tuple[Pod, ...]


def pairs(world: World) -> Iterator[Pair]:
    """Yield callers and Services where both have pods."""
    for edge in world.topology.edges:
        service = world.inventory.get(edge.target)
        if edge.relation != "calls" or not isinstance(service, Service):
            continue
        caller = world.inventory.get(edge.source)
        sending = world.selected(caller) if isinstance(caller, Service) else world.pods_of(edge.source)
        serving = world.selected(service)
        if sending and serving:
            yield Pair(edge.source, service, tuple(replicas(sending)), tuple(replicas(serving)))


def said(world: World, pods: Iterable[Pod], pattern: str) -> list[Citation]:
    """Cite, of each container, the last complaint that matches and that may say why something is wrong now."""
    wording = re.compile(pattern)
    cites = []
    for pod, container in [(held, one) for held in pods for one in held.containers]:
        lines = [line for line in world.current_complaints(pod, container) if wording.search(line.text)]
        if lines and bothers(world, container, lines[-1]):
            cites.append(lines[-1].cite(STRONG))
    return cites


def target(port: Part) -> int | str | None:
    """Return the port of its pods to which a Service's port leads, by number or by name; its own where none is written."""
    found = port.get("targetPort") or port.get("port")
    return found if isinstance(found, int | str) else None


def target_ports(service: Service, pod: Pod) -> Iterator[tuple[int, str]]:
    """Yield number and protocol of a pod's ports to which a Service forwards; a name that the pod lacks is left out."""
    for port in service.ports:
        to = target(port)
        named = (held for container in pod.containers for held in container.ports if held.text("name") == to)
        number = to if isinstance(to, int) else next((held.number("containerPort") for held in named), None)
        if number is not None:
            yield number, port.text("protocol") or "TCP"

"""A port or address of a Service that cannot be allocated."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.world import World, cite_event

_REASONS = (
    *("PortAlreadyAllocated", "ClusterIPAlreadyAllocated", "ServiceCIDRFull", "ServiceIPAddressesFull"),
    *("PortOutOfRange", "ClusterIPOutOfRange", "ClusterIPNotAllocated"),
)
# Also what a deployment tool's object passes on when the API server refuses the Service.
_REFUSED = re.compile(r"provided (?:port|IP) is (?:already allocated|not in the valid range)|range is full")


@cause("service", modes=("net.nodeport_conflict",), needs=("Service", "events"))
def service_address_taken(world: World) -> Iterator[Finding]:
    """A Service asks for a node port or cluster address that another one has, or the range for them is used up.

    Such a Service is refused, or its rules clash with those of the other one. Fixed numbers in manifests that are
    applied twice are the usual reason.

    When it is wrong: the other Service was deleted meanwhile, and the next attempt succeeds.
    """
    for event in world.events(*_REASONS):
        if event.about.kind != "Service":
            continue
        yield _finding(world, event.about, event.message, [cite_event(event, CONCLUSIVE)])
    for event in world.events("FailedCreate", "SyncFailed", "ReconciliationFailed"):
        if event.about.kind != "Pod" and _REFUSED.search(event.message):
            yield _finding(world, event.about, event.message, [cite_event(event, CONCLUSIVE)])
    seen: dict[tuple[int, str], Service] = {}
    for service in world.services:
        for port in service.ports:
            number, protocol = port.number("nodePort"), port.text("protocol") or "TCP"
            if number and (other := seen.setdefault((number, protocol), service)) is not service:
                told = f"service {service.name} and service {other.name} both have node port {number}"
                yield _finding(world, service.subject, told, [port.cite("nodePort", STRONG)])


def _finding(world: World, about: Subject, told: str, cites: list[Citation]) -> Finding:
    columns = (
        "custom-columns=NS:.metadata.namespace,NAME:.metadata.name,PORTS:.spec.ports[*].nodePort,IP:.spec.clusterIP"
    )
    seen = look("get", "services", "-A", "-o", columns, of=Subject("Service", "", ""), purpose="see who has which")
    return Finding(about, told if told.startswith("service") else f"{about.name}: {opening(told)}", cites, [seen])

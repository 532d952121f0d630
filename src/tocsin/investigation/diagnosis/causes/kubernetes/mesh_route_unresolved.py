"""A route of the service mesh to a host, a subset or a port that does not exist."""

from collections.abc import Iterator

from tocsin.ground.addresses import Address
from tocsin.investigation.diagnosis.asked import weight_of_flaw
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource, Service
from tocsin.investigation.diagnosis.world import World

_PROTOCOLS = ("http", "tcp", "tls")


@cause("network", needs=("Service",))
def mesh_route_unresolved(world: World) -> Iterator[Finding]:
    """A VirtualService sends requests to a Service, a port or a subset that does not exist.

    The mesh's proxy answers 503 (flags NR, UH or NC) for that route, while the Service that was meant is well. Subsets
    are defined in a DestinationRule of the same host.

    When it is wrong: the host is known from a ServiceEntry that was not read.
    """
    if not world.knows("Service"):
        return
    for item in world.inventory.of("VirtualService"):
        for destination in _destinations(item):
            wrong, cites = _wrong(world, item, destination)
            if wrong:
                hosts = item.words("spec/hosts")
                yield Finding(
                    item.subject,
                    f"VirtualService {item.name} sends {', '.join(hosts) or 'requests'} to"
                    f" {destination.text('host')}, {wrong}",
                    cites=cites,
                    felt_by=[Subject("Service", item.namespace, Address(host, None).service) for host in hosts],
                    remedies=[
                        look("get", target(item.subject), "-o", "yaml", of=item.subject, purpose="read its routes")
                    ],
                )


def _destinations(item: Resource) -> Iterator[Part]:
    for protocol in _PROTOCOLS:
        for rule in item.parts(f"spec/{protocol}"):
            yield from (held for route in rule.parts("route") if (held := route.part("destination")))


def _wrong(world: World, item: Resource, destination: Part) -> tuple[str, list[Citation]]:
    """Say what a destination lacks, with the evidence; empty when it is found."""
    host = destination.text("host")
    weight = weight_of_flaw((item.name, host, *item.words("spec/hosts")), world.inventory)
    namespace = Address(host, None).namespace(item.namespace)
    held = world.inventory.get(Subject("Service", namespace or "", Address(host, None).service))
    if namespace is None or not any(service.namespace == namespace for service in world.services):
        return "", []
    if not isinstance(held, Service):
        known = any(host in entry.words("spec/hosts") for entry in world.inventory.of("ServiceEntry"))
        return ("", []) if known else (f"which is no service in {namespace}", [destination.cite("host", weight)])
    number = destination.number("port/number")
    if number and number not in [port.number("port") for port in held.ports]:
        return f"which has no port {number}", [
            destination.cite("port/number", weight),
            held.cite("spec/ports", MODERATE),
        ]
    subset = destination.text("subset")
    rules = [rule for rule in world.inventory.of("DestinationRule") if _same(rule, held)]
    if subset and not any(part.text("name") == subset for rule in rules for part in rule.parts("spec/subsets")):
        defined = [rule.cite("spec/subsets", MODERATE) for rule in rules]
        return f"whose subset {subset} no DestinationRule defines", [destination.cite("subset", weight), *defined]
    return "", []


def _same(rule: Resource, service: Service) -> bool:
    address = Address(rule.text("spec/host"), None)
    return address.service == service.name and address.namespace(rule.namespace) == service.namespace

"""A Service that is only a name, for something that the name does not lead to."""

import re
from collections.abc import Iterator, Sequence

from tocsin.ground.addresses import Address
from tocsin.investigation.diagnosis.asked import weight_of_flaw
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+")


@cause("service", modes=("net.headless_external",), needs=("Service",))
def external_name_wrong(world: World) -> Iterator[Finding]:
    """A Service without an address of its own leads clients to a name or a port where nothing is.

    An `ExternalName` Service is an alias in DNS: it has to be a name, not an address, and it forwards no port. A
    headless Service (`clusterIP: None`) returns the addresses of its pods, so that clients come to the port that they
    ask for, and its `targetPort` counts for nothing.

    When it is wrong: the name is known to a resolver that is not the cluster's.
    """
    for service in world.services:
        wrong, path = _alias(world, service) if service.text("spec/type") == "ExternalName" else _headless(service)
        if not wrong:
            continue
        signs = _complaints(world, service)
        if signs or path == "spec/externalName":
            yield Finding(
                service.subject,
                f"service {service.name} {wrong}",
                cites=[service.cite(path, _weight(world, service, path, signs)), *signs],
                felt_by=sorted({world.controller(cite.about) for cite in signs}),
                remedies=[look("get", "service", service.name, "-o", "yaml", of=service.subject, purpose="read it")],
            )


def _weight(world: World, service: Service, path: str, signs: Sequence[Citation]) -> float:
    """Weigh what is wrong: a headless Service serves whoever knows the port, an alias that leads nowhere serves nobody."""
    if path != "spec/externalName":
        return MODERATE
    return CONCLUSIVE if signs else weight_of_flaw([service.name], world.inventory)


def _alias(world: World, service: Service) -> tuple[str, str]:
    """Say what is wrong with an alias: no name but an address, or the name of a Service that does not exist."""
    path, name = "spec/externalName", service.text("spec/externalName")
    if _ADDRESS.fullmatch(name):
        return f"is an alias for the address {name}, which DNS cannot give as a name", path
    namespace = Address(name.rstrip("."), None).namespace(service.namespace)
    wanted = Subject("Service", namespace or "", name.partition(".")[0])
    served = any(held.namespace == namespace for held in world.services)
    if ".svc" in name and served and world.inventory.get(wanted) is None:
        return f"is an alias for {name}, and there is no such service", path
    return "", ""


def _headless(service: Service) -> tuple[str, str]:
    moved = [port for port in service.ports if port.get("targetPort") not in (None, port.get("port"), port.get("name"))]
    if service.text("spec/clusterIP") != "None" or not moved or not service.selector:
        return "", ""
    asked, target = moved[0].get("port"), moved[0].get("targetPort")
    return (
        f"is headless, so clients that ask for port {asked} do not come to {target}, where its pods listen",
        "spec/ports",
    )


def _complaints(world: World, service: Service) -> list[Citation]:
    """Cite the lines of callers that complain about the Service by its name."""
    return [line.cite(STRONG) for _, _, line in complaints(world, rf"\b{re.escape(service.name)}\b")]

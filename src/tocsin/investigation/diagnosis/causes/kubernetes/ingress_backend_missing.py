"""An Ingress that routes to a Service, or to a port of one, that does not exist."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import weight_of_flaw
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, look, target
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.resources import Resource, Service
from tocsin.investigation.diagnosis.world import World


@cause("ingress", modes=("ing.backend_missing",), needs=("Ingress", "Service"))
def ingress_backend_missing(world: World) -> Iterator[Finding]:
    """An Ingress sends a path to a Service that does not exist, or to a port that the Service does not offer.

    Nothing checks it when it is written. The controller answers 503 or 404 for that path, while all others work.

    When it is wrong: the path is a leftover that nobody asks for.
    """
    if not world.knows("Service"):
        return
    served = {service.namespace for service in world.services}
    for ingress in world.of("Ingress"):
        for path, backend in _backends(ingress) if ingress.namespace in served else ():
            name, asked = backend.text("service/name"), backend.part("service/port")
            held = world.inventory.get(Subject("Service", ingress.namespace, name))
            if not name or (isinstance(held, Service) and (asked is None or _offers(held, asked))):
                continue
            near: list[Citation] = []
            weight = weight_of_flaw((ingress.name, name, path.partition("/")[0]), world.inventory)
            told = f"which does not exist in {ingress.namespace}"
            if isinstance(held, Service) and asked:
                near = [held.cite("spec/ports", MODERATE)]
                told = f"which has no port {_wanted(asked)}; it offers {', '.join(_ports(held))}"
            yield Finding(
                ingress.subject,
                f"ingress {ingress.name} sends {path or 'everything else'} to service {name}, {told}",
                cites=[backend.cite("service/port" if near else "service/name", weight), *near],
                felt_by=[Subject("Service", ingress.namespace, name)],
                remedies=_remedies(ingress, backend, held, asked),
            )


def _backends(ingress: Resource) -> Iterator[tuple[str, Part]]:
    for rule in ingress.parts("spec/rules"):
        for path in rule.parts("http/paths"):
            if backend := path.part("backend"):
                yield f"{rule.text('host')}{path.text('path')}", backend
    if backend := ingress.part("spec/defaultBackend"):
        yield "", backend


def _wanted(asked: Part) -> int | str | None:
    return asked.text("name") or asked.number("number")


def _offers(service: Service, asked: Part) -> bool:
    if service.text("spec/type") == "ExternalName":
        return True
    return any(_wanted(asked) in (port.get("port"), port.get("name")) for port in service.ports)


def _ports(service: Service) -> list[str]:
    return [
        f"{port.get('port')} ({name})" if (name := port.text("name")) else str(port.get("port"))
        for port in service.ports
    ]


def _remedies(ingress: Resource, backend: Part, held: Resource | None, asked: Part | None) -> list[Command]:
    seen = look("describe", target(ingress.subject), of=ingress.subject, purpose="see what its paths lead to")
    if not isinstance(held, Service) or asked is None or len(held.ports) != 1:
        return [look("get", "services", of=ingress.subject, purpose="see which services there are"), seen]
    number = held.ports[0].number("port")
    right = patch(
        ingress.subject,
        f"{backend.pointer}/service/port",
        asked.value,
        {"number": number},
        purpose=f"send the path to port {number} of {held.name}, the only one that it offers",
        before="that port is the one for this path",
        verify=Verify(kubectl("describe", target(ingress.subject), of=ingress.subject), "addresses behind each path"),
    )
    return [right, seen]

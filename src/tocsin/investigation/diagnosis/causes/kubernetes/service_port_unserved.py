"""A Service that forwards to a port on which its pods do not listen."""

import re
from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.reading.network.calls import target
from tocsin.investigation.diagnosis.reading.pods.listening import Listening, listening
from tocsin.investigation.diagnosis.remedies.patches import patch_target_port
from tocsin.investigation.diagnosis.resources import Pod, Service
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_REFUSED = r"(?i)refused|ECONNREFUSED|\b50[234]\b|unavailable"


@cause("service", modes=("net.svc_target_port",), needs=("Service", "Pod"))
def service_port_unserved(world: World) -> Iterator[Finding]:
    """A Service forwards requests to a port that its pods do not serve, and nobody got through to it.

    The target port is a number, or the name of a container port. Connections to the Service are refused, although the
    pods are ready. A name that no container has leaves the Service without an endpoint for that port.

    When it is wrong: containers may listen on ports that they do not declare; a target given by number is then right.
    """
    for service in world.services:
        pods = world.selected(service)
        declared = _declared(pods)
        for index, port in enumerate(service.ports):
            to = target(port)
            open_ = world.reached(service.name, port.number("port"))
            if not pods or not declared or open_ or any(_serves(world, pod, to) for pod in pods):
                continue
            heard = [found for pod in pods[:2] for found in listening(world, pod)]
            if to in [found.port for found in heard]:
                continue
            served = _meant(port, declared, heard)
            signs = [*_complaints(world, service), *world.unreached(service.name, port.number("port"))]
            # A port more than the pods declare is often that of metrics, or of replicas among themselves.
            if not signs and len(service.ports) > 1 and not isinstance(to, str):
                continue
            yield Finding(
                service.subject,
                f"service {service.name} forwards port {port.get('port')} to {to}, but its pods serve"
                f" {', '.join(map(str, sorted(declared)))}",
                cites=[
                    port.cite("targetPort", _weight(to, signed=bool(signs))),
                    *(found.cite for found in heard if found.port == served),
                    *([declared[served].cite("containerPort", MODERATE)] if signs else []),
                    *signs,
                ],
                remedies=[patch_target_port(service.subject, index, to, served)],
            )


def _weight(target: object, *, signed: bool) -> float:
    """Weigh a target that nobody serves: a name must be declared, a number need not."""
    if isinstance(target, str):
        return CONCLUSIVE
    return STRONG if signed else MODERATE


def _declared(pods: Sequence[Pod]) -> dict[int, Part]:
    parts = (part for pod in pods for container in pod.containers if not container.init for part in container.ports)
    return {number: part for part in parts if (number := part.number("containerPort"))}


def _serves(world: World, pod: Pod, target: object) -> bool:
    template = world.workload(pod.subject)
    containers = (*pod.containers, *(template.containers if template else ()))
    ports = [port for container in containers for port in container.ports]
    return any(target in (port.get("containerPort"), port.get("name")) for port in ports)


def _meant(port: Part, declared: dict[int, Part], heard: Sequence[Listening]) -> int:
    """Return the declared port that is meant: that of the same name, one on which it listens, or of the same number."""
    named = [part.number("containerPort") for part in declared.values() if part.text("name") == port.text("name") != ""]
    numbers = (*named, *(found.port for found in heard), port.number("port"))
    return next((number for number in numbers if number in declared and number), min(declared))


def _complaints(world: World, service: Service) -> Iterator[Citation]:
    """Cite callers that were refused where the Service's name or address stands in the line."""
    names = "|".join(map(re.escape, filter(None, (service.name, service.text("spec/clusterIP")))))
    for _, _, line in complaints(world, rf"(?:{names}).*(?:{_REFUSED[4:]})|(?:{_REFUSED[4:]}).*(?:{names})"):
        yield line.cite(STRONG)

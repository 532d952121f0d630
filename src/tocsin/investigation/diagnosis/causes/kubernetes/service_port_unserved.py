"""A Service that forwards to a port on which its pods do not listen."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Part
from tocsin.investigation.diagnosis.remedies.patches import patch_target_port
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World


@cause("service", needs=("Service", "Pod"))
def service_port_unserved(world: World) -> Iterator[Finding]:
    """A Service forwards requests to a port that its pods do not serve, and nobody got through to it.

    The target port is a number, or the name of a container port. Connections to the Service are refused, although the
    pods are ready.

    When it is wrong: containers may listen on ports that they do not declare; a target given by number is then right.
    """
    for service in world.services:
        pods = world.selected(service)
        declared = _declared(pods)
        for index, port in enumerate(service.ports):
            target = port.get("targetPort") or port.get("port")
            open_ = world.reached(service.name, port.number("port"))
            if pods and declared and not open_ and not any(_serves(world, pod, target) for pod in pods):
                served = _meant(port, declared)
                yield Finding(
                    service.subject,
                    f"service {service.name} forwards port {port.get('port')} to {target}, but its pods serve"
                    f" {', '.join(map(str, sorted(declared)))}",
                    cites=[
                        port.cite("targetPort", STRONG),
                        *(part.cite("containerPort", MODERATE) for part in declared.values()),
                        *world.unreached(service.name, port.number("port")),
                    ],
                    remedies=[patch_target_port(service.subject, index, target, served)],
                )


def _declared(pods: Sequence[Pod]) -> dict[int, Part]:
    parts = (part for pod in pods for container in pod.containers if not container.init for part in container.ports)
    return {number: part for part in parts if (number := part.number("containerPort"))}


def _serves(world: World, pod: Pod, target: object) -> bool:
    template = world.workload(pod.subject)
    containers = (*pod.containers, *(template.containers if template else ()))
    ports = [port for container in containers for port in container.ports]
    return any(target in (port.get("containerPort"), port.get("name")) for port in ports)


def _meant(port: Part, declared: dict[int, Part]) -> int:
    named = [part.number("containerPort") for part in declared.values() if part.text("name") == port.text("name") != ""]
    numbers = [number for number in (*named, port.number("port")) if number in declared]
    return numbers[0] if numbers and numbers[0] else min(declared)

"""A Service that forwards by another protocol than its pods speak."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK, Citation, Part
from tocsin.investigation.diagnosis.reading.network.calls import target
from tocsin.investigation.diagnosis.remedies.patches import endpoints_there, patch
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World


@cause("service", needs=("Service", "Pod"))
def service_protocol_mismatch(world: World) -> Iterator[Finding]:
    """A Service forwards a port as UDP, TCP or SCTP, while its pods serve that port by another of them.

    Port and selector are right and the endpoints are there, but a packet of the other protocol finds no rule: clients
    are refused or wait. `TCP` is meant where no protocol is written.

    When it is wrong: the pods serve both protocols on that port and declare one.
    """
    for service in world.services:
        pods = world.selected(service)
        offered = {(port.number("port"), _protocol(port)) for port in service.ports}
        for index, port in enumerate(service.ports):
            told, number = _protocol(port), port.number("port")
            spoken = [found for pod in pods[:2] for found in _spoken(pod, target(port))]
            others = [cite for protocol, cite in spoken if protocol != told]
            if not others or len(others) < len(spoken) or world.reached(service.name, number):
                continue
            right = next(protocol for protocol, _ in spoken)
            if (number, right) in offered:
                continue
            yield Finding(
                service.subject,
                f"service {service.name} forwards port {number} as {told}, but its pods serve it as {right}",
                cites=[port.cite("protocol", STRONG), *others, *world.unreached(service.name, number)],
                remedies=[
                    patch(
                        service.subject,
                        f"/spec/ports/{index}/protocol",
                        port.get("protocol"),
                        right,
                        purpose=f"forward port {number} of {service.name} as {right}",
                        before=f"the application serves {right} on that port",
                        verify=endpoints_there(service.subject),
                    )
                ],
            )


def _spoken(pod: Pod, to: int | str | None) -> Iterator[tuple[str, Citation]]:
    """Yield the protocols by which a pod serves a port: as its containers declare it, or as they are probed."""
    for container in pod.containers:
        for port in container.ports:
            if to in (port.get("containerPort"), port.get("name")):
                yield _protocol(port), port.cite("protocol" if port.get("protocol") else "containerPort", STRONG)
        yield from _probed(container, to)


def _probed(container: Container, to: int | str | None) -> Iterator[tuple[str, Citation]]:
    for _, probe in container.probes():
        for way in ("httpGet", "tcpSocket", "grpc"):
            if container.ready and probe.get(f"{way}/port") == to:
                yield "TCP", probe.cite(f"{way}/port", WEAK)


def _protocol(port: Part) -> str:
    return port.text("protocol") or "TCP"

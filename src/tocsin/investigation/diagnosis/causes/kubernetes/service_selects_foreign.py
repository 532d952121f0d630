"""A Service whose selector also picks the pods of another application."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.network.calls import target
from tocsin.investigation.diagnosis.reading.pods.listening import listening
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.patches import patch_selector
from tocsin.investigation.diagnosis.resources import Container, Service, Workload
from tocsin.investigation.diagnosis.world import World


@cause("service", modes=("net.svc_overmatch",), needs=("Service", "Pod"))
def service_selects_foreign(world: World) -> Iterator[Finding]:
    """A Service sends part of its requests to pods of another application, because its selector is too broad.

    The selector lost a label, or another workload got the same labels. Requests fail in proportion to the foreign
    pods: at random for the caller, while every object looks well. Pods that run other images and do not serve the port
    to which the Service forwards cannot be meant.

    When it is wrong: two versions share the Service on purpose, and one listens on a port that it does not declare.
    """
    for service in world.services:
        # A headless one is asked for names: of peers, whatever else they serve.
        if service.text("spec/clusterIP") == "None":
            continue
        behind = [held for held in world.inventory.behind(service) if held.kind != "Job" and held.desired]
        own = [held for held in behind if _serves(held, service)]
        foreign = [held for held in behind if held not in own and _only_other_ports(world, held, service)]
        strangers = [held for held in foreign if _ports(held) and not _images(held) & _images(own[0])] if own else []
        if strangers:
            other = strangers[0]
            yield Finding(
                service.subject,
                f"service {service.name} selects {_shown(service)}, which also picks the pods of {other.name};"
                f" they do not serve its port, those of {own[0].name} do",
                cites=[
                    service.cite("spec/selector", STRONG),
                    other.cite("spec/template/metadata/labels", STRONG),
                    next(iter(other.containers)).cite("ports", MODERATE),
                ],
                felt_by=[held.subject for held in own],
                remedies=_remedies(service, own, other),
            )


def _remedies(service: Service, own: Sequence[Workload], other: Workload) -> list[Command]:
    labels, selector = dict(own[0].selector), dict(service.selector)
    narrowed = selector | {key: value for key, value in labels.items() if other.template_labels.get(key) != value}
    words = ("get", "endpointslices", "-l", f"kubernetes.io/service-name={service.name}", "-o", "yaml")
    seen = look(*words, of=service.subject, purpose="see which pods get its requests")
    alone = narrowed != selector and len(own) == 1
    return [*([patch_selector(service.subject, selector, narrowed)] if alone else []), seen]


def _serves(workload: Workload, service: Service) -> bool:
    """Tell whether a workload declares every port to which a Service forwards."""
    ports = _ports(workload)
    return all(target(port) in ports for port in service.ports)


def _ports(workload: Workload) -> set[int | str | None]:
    held = [port for container in workload.containers for port in container.ports]
    return {*(port.number("containerPort") for port in held), *(port.text("name") for port in held)} - {None, ""}


def _only_other_ports(world: World, workload: Workload, service: Service) -> bool:
    """Tell whether a workload has ready pods, and none that is heard to listen where the Service forwards to."""
    pods = [pod for pod in world.pods_of(workload.subject) if pod.ready][:2]
    targets = [target(port) for port in service.ports]
    return bool(pods) and not any(found.port in targets for pod in pods for found in listening(world, pod))


def _images(workload: Workload) -> set[str]:
    containers: Sequence[Container] = workload.containers
    return {container.image.partition("@")[0].rpartition(":")[0] or container.image for container in containers}


def _shown(service: Service) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(service.selector.items()))

"""A Service whose selector fits no pod."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.network.calls import said
from tocsin.investigation.diagnosis.remedies.patches import patch_selector
from tocsin.investigation.diagnosis.resources import Service, Workload
from tocsin.investigation.diagnosis.world import World


@cause("service", modes=("net.svc_no_match",), needs=("Service", "Pod"))
def service_selects_nothing(world: World) -> Iterator[Finding]:
    """A Service selects labels that no pod carries, so it has nobody to send requests to.

    The pods may be well: the Service finds them by their labels alone. Either the selector or the labels of the pods
    were changed.

    When it is wrong: the Service is a leftover, or waits for a version (a canary) that is not there now.
    """
    for service in world.services:
        if not service.selector or not world.pods or world.selected(service):
            continue
        if world.inventory.behind(service):
            continue
        meant = _meant(service, world)
        if meant:
            labels, signs = dict(meant.selector), _signs(world, service)
            weight = STRONG if signs or meant.name == service.name else WEAK
            yield Finding(
                service.subject,
                f"service {service.name} selects {_shown(service.selector)}, but the pods of {meant.name} carry {_shown(labels)}",
                cites=[
                    service.cite("spec/selector", weight),
                    meant.cite("spec/template/metadata/labels", weight),
                    *signs,
                ],
                remedies=[patch_selector(service.subject, dict(service.selector), labels)],
            )


def _meant(service: Service, world: World) -> Workload | None:
    """Return the workload that the Service is named after: the usual way to tell what it should select."""
    beside = [workload for workload in world.workloads if workload.namespace == service.namespace and workload.desired]
    shares = [w for w in beside if set(w.template_labels.values()) & set(service.selector.values())]
    return next((w for w in beside if w.name == service.name), shares[0] if len(shares) == 1 else None)


def _signs(world: World, service: Service) -> list[Citation]:
    """Cite who misses the Service: a prober that was not let in, and the complaints of its callers."""
    tried = [cite for port in service.ports for cite in world.unreached(service.name, port.number("port"))]
    callers = [
        edge.source for edge in world.topology.edges if edge.target == service.subject and edge.relation == "calls"
    ]
    pods = [pod for caller in callers for pod in world.pods_of(caller)]
    return [*tried, *said(world, pods, rf"\b{re.escape(service.name)}\b")]


def _shown(labels: object) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) if isinstance(labels, dict) else ""

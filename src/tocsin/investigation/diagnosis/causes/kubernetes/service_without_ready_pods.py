"""A Service that selects pods of which none is ready."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import WEAK
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World


@cause("service", modes=("net.svc_none_ready",), needs=("Service", "Pod"), own=False)
def service_without_ready_pods(world: World) -> Iterator[Finding]:
    """A Service finds its pods, but none of them is ready, so it sends requests to nobody.

    The Service is in order. What is wrong is with the pods; what keeps them from being ready says their own state.

    When it is wrong: it is not the cause but what the cause leads to; the pods are only starting.
    """
    for service in world.services:
        pods = [pod for pod in world.selected(service) if pod.phase == "Running" and not pod.leaving]
        quiet = [pod for pod in pods if all(held.waiting is None and not held.restarts for held in pod.containers)]
        if quiet and len(quiet) == len(pods) and not any(pod.ready or _explained(world, pod) for pod in pods):
            tried = [cite for port in service.ports for cite in world.unreached(service.name, port.number("port"))]
            yield Finding(
                service.subject,
                f"none of the {len(pods)} pods that service {service.name} selects is ready, so it has no endpoint",
                cites=[*(pod.cite("status/conditions", WEAK) for pod in pods[:3]), *tried],
                felt_by=[world.controller(pods[0])],
                remedies=[describe(pods[0].subject)],
            )


def _explained(world: World, pod: Pod) -> bool:
    """Tell whether the kubelet says why a pod is not ready: then it is the probe's failure that there is to tell."""
    return any(world.events("Unhealthy", about=pod.subject))

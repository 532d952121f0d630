"""A Service of type LoadBalancer that has no address."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

_REASONS = ("SyncLoadBalancerFailed", "UnAvailableLoadBalancer", "UpdateLoadBalancerFailed", "AllocationFailed")
# Clouds need minutes to make a load balancer.
_PATIENCE = timedelta(minutes=10)


@cause("service", modes=("net.lb_pending",), needs=("Service", "events"))
def load_balancer_pending(world: World) -> Iterator[Finding]:
    """A Service of type LoadBalancer waits for its address from outside.

    A controller of the cloud, or MetalLB, makes it. There is none, its quota or pool is used up, or it may not. From
    inside the cluster the Service works.

    When it is wrong: it is being made, which takes minutes; or nobody needs the address.
    """
    for service in world.services:
        if service.text("spec/type") != "LoadBalancer" or any(service.parts("status/loadBalancer/ingress")):
            continue
        refused = next(world.events(*_REASONS, about=service.subject), None)
        if refused or (world.snapshot.beyond(service.created, _PATIENCE) and _others_have_one(world)):
            yield Finding(
                service.subject,
                f"service {service.name} has no load balancer: {_why(refused)}",
                cites=[
                    service.cite("status/loadBalancer", STRONG if refused else MODERATE),
                    *([cite_event(refused, CONCLUSIVE)] if refused else []),
                ],
                remedies=[describe(service.subject)],
            )


def _why(event: StoredEvent | None) -> str:
    return opening(event.message) if event else "no controller has given it an address, as others have"


def _others_have_one(world: World) -> bool:
    """Tell whether something in the cluster makes load balancers: without, nobody ever comes for this one either."""
    return any(any(service.parts("status/loadBalancer/ingress")) for service in world.services)

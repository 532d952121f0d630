"""A Service that serves only from the node on which the request arrives."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, WEAK
from tocsin.investigation.diagnosis.reading.network.calls import pairs, said
from tocsin.investigation.diagnosis.remedies.patches import endpoints_there, patch
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_INTERNAL = "spec/internalTrafficPolicy"


@cause("service", modes=("net.traffic_policy_local",), needs=("Service", "Pod"))
def traffic_kept_local(world: World) -> Iterator[Finding]:
    """A Service with `internalTrafficPolicy: Local` drops requests of callers on whose node none of its pods is ready.

    Such a Service never leaves the node of the caller. With few pods, callers on other nodes reach nobody, although
    the Service has ready endpoints; it works from some nodes and not from others.

    When it is wrong: each node runs one of its pods (a DaemonSet), and the one there is only restarting.
    """
    local = [service for service in world.services if service.text(_INTERNAL) == "Local"]
    for service in local:
        ready = [pod for pod in world.selected(service) if pod.ready and pod.node]
        nodes = {pod.node for pod in ready}
        away = [pod for pair in pairs(world) if pair.service.subject == service.subject for pod in pair.callers]
        cut_off = sorted({pod.subject: pod for pod in away if pod.node and pod.node not in nodes}.values(), key=_name)
        if not ready or not cut_off:
            continue
        signs = said(world, cut_off, rf"\b{re.escape(service.name)}\b")
        yield Finding(
            service.subject,
            f"service {service.name} keeps requests on their node (internalTrafficPolicy Local), and {cut_off[0].node},"
            f" from where {world.controller(cut_off[0]).name} calls it, runs none of its pods",
            cites=[
                service.cite(_INTERNAL, CONCLUSIVE if signs else MODERATE),
                *(pod.cite("spec/nodeName", WEAK) for pod in cut_off[:3]),
                *signs,
            ],
            felt_by=sorted({world.controller(pod) for pod in cut_off}),
            remedies=[
                patch(
                    service.subject,
                    f"/{_INTERNAL}",
                    "Local",
                    "Cluster",
                    purpose=f"let {service.name} serve from other nodes too",
                    before="nothing behind it must stay on the caller's node (a node-local agent or cache)",
                    verify=endpoints_there(service.subject),
                )
            ],
        )


def _name(pod: Pod) -> str:
    return pod.name

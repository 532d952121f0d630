"""A pod without the proxy of the service mesh, or one that starts before it."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.network.mesh import in_mesh, wants_proxy
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import restart
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World

_PROXY_AWAY = re.compile(
    r"(?:127\.0\.0\.1|localhost|\[::1\]):(?:150\d\d|4140|4143|4191)\b.*(?:refused|timeout|timed out)"
)
_REFUSED = re.compile(r"reset|refused|EOF|503|upstream connect error|hang up|TLS", re.I)


@cause("network", modes=("net.mesh_sidecar_missing",), needs=("Pod",))
def mesh_proxy_missing(world: World) -> Iterator[Finding]:
    """A pod runs without the proxy of the service mesh that its namespace asks for, or that its replicas have.

    The proxy is put in when a pod is made; while the injecting webhook was away, pods were made without it. Peers that
    demand mutual TLS then refuse it. A pod made anew gets its proxy.

    When it is wrong: the pod was left out of the mesh on purpose, by a label that was not read.
    """
    for workload in world.workloads:
        pods = [pod for pod in world.pods_of(workload.subject) if not pod.leaving]
        bare = [pod for pod in pods if not in_mesh(pod) and pod.phase == "Running"]
        label = wants_proxy(world, bare[0]) if bare else ""
        unequal = bool(bare) and any(in_mesh(pod) for pod in pods)
        if workload.kind == "Job" or not (label or unequal):
            continue
        signs = [cite for pod in bare for cite in _signs(world, pod)]
        if not signs and all(pod.ready for pod in bare):
            continue
        why = (
            f"the namespace asks for it ({label})"
            if label
            else f"{sum(map(in_mesh, pods))} of its {len(pods)} pods have it"
        )
        yield Finding(
            workload.subject,
            f"{bare[0].name} runs without the mesh's proxy, though {why}",
            cites=[
                bare[0].cite("spec/containers", CONCLUSIVE if unequal else STRONG if signs else MODERATE),
                *_asked(world, bare[0], label),
                *signs,
            ],
            remedies=[
                *restart(workload.subject),
                look("get", "mutatingwebhookconfigurations", of=Subject("Node", "", ""), purpose="see what puts it in"),
            ],
        )


def _signs(world: World, pod: Pod) -> Iterator[Citation]:
    """Cite the last complaint of a pod about refused connections: peers that want mutual TLS close them."""
    for container in pod.containers:
        lines = world.current_complaints(pod, container)
        found = [line for line in lines if _REFUSED.search(line.text) or _PROXY_AWAY.search(line.text)]
        yield from (line.cite(STRONG) for line in found[-1:])


def _asked(world: World, pod: Pod, label: str) -> list[Citation]:
    namespace = world.inventory.get(Subject("Namespace", "", pod.namespace)) if label else None
    return [namespace.cite(f"metadata/labels/{label.replace('/', '~1')}", MODERATE)] if namespace else []

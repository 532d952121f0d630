"""A pod that was given to a node, and that the node refused."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

_REFUSED = re.compile(
    r"OutOf\w+|NodeAffinity|NodeName|NodePorts|UnexpectedAdmissionError|TopologyAffinityError|InvalidNodeInfo"
    r"|AppArmor|SysctlForbidden|ForbiddenSysctl|Forbidden\w+|PodOSNotSupported|VolumeAttachmentLimitExceeded"
)


@cause("scheduling", modes=("sched.admit_rejected",), needs=("Pod",))
def pod_rejected_by_node(world: World) -> Iterator[Finding]:
    """The scheduler gave the pod to a node, and the node's kubelet refused it.

    The kubelet checks once more: room, devices, labels. They part after a restart of the node, when a device plugin has
    not registered yet, when its CPUs and devices cannot be had side by side, or when the pod was bound by its name.
    Refused pods stay as Failed and are not tried again; their controller makes others.

    When it is wrong: it was the moment after a restart, and the pods made since are accepted.
    """
    for pod in world.pods:
        reason = pod.text("status/reason")
        if pod.phase == "Failed" and _REFUSED.fullmatch(reason) and _missed(world, world.controller(pod)):
            message = pod.text("status/message")
            yield Finding(
                world.controller(pod),
                f"node {pod.node} refused {pod.name}: {reason}: {opening(message) or 'it says no more'}",
                cites=[
                    pod.cite("status/reason", CONCLUSIVE),
                    *([pod.cite("status/message", MODERATE)] if message else []),
                ],
                remedies=[describe(Subject("Node", "", pod.node))],
            )


def _missed(world: World, controller: Subject) -> bool:
    """Tell whether the refused pod is still missed: nobody replaced it, or its workload lacks replicas."""
    workload = world.workload(controller)
    if workload is None:
        return not any(pod.ready for pod in world.pods_of(controller))
    return workload.lacking

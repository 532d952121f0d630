"""A node whose kubelet is too old for the cluster."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, WEAK
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import cordon
from tocsin.investigation.diagnosis.resources import Node
from tocsin.investigation.diagnosis.world import World

_VERSION = "status/nodeInfo/kubeletVersion"
# How many minor versions a kubelet may be older than the API server (Kubernetes version skew policy, since 1.28).
_SUPPORTED = 3


@cause("node", modes=("node.version_skew",), needs=("Node",))
def kubelet_version_skew(world: World) -> Iterator[Finding]:
    """A node's kubelet is more than three minor versions older than the newest one, and pods on it fail.

    A kubelet may be up to three minor versions older than the API server. Beyond that it may not understand what it is
    told: fields are dropped, features are missing, and pods that work elsewhere fail there. An upgrade was left half
    done.

    When it is wrong: the pods fail for a reason of their own, which they would on any node.
    """
    minors = {node.subject: minor for node in world.nodes if (minor := _minor(node)) is not None}
    newest = max(world.nodes, key=lambda node: minors.get(node.subject, -1), default=None)
    for node in world.nodes:
        if not newest or minors.get(newest.subject, 0) - minors.get(node.subject, 1_000) <= _SUPPORTED:
            continue
        failing = [pod for pod in pods_on(world, node.subject) if not pod.ready and not pod.leaving]
        if failing:
            yield Finding(
                node.subject,
                f"node {node.name} runs kubelet {node.text(_VERSION)}, {newest.name} {newest.text(_VERSION)};"
                f" {len(failing)} pods fail there",
                cites=[
                    node.cite(_VERSION, MODERATE),
                    newest.cite(_VERSION, WEAK),
                    *(pod.cite("status/phase", WEAK) for pod in failing),
                ],
                remedies=[
                    cordon(node.subject, "its kubelet is upgraded"),
                    look("get", "nodes", "-o", "wide", of=node.subject, purpose="compare the versions of all nodes"),
                ],
            )


def _minor(node: Node) -> int | None:
    found = re.match(r"v1\.(\d{1,3})", node.text(_VERSION))
    return int(found[1]) if found else None

"""A node that does not report."""

from tests.investigation.worlds import look, node, scene
from tocsin.investigation.diagnosis.causes.kubernetes.node_not_ready import node_not_ready


def unready(status: str) -> dict[str, object]:
    made = node()
    condition = {"type": "Ready", "status": status, "reason": "KubeletNotReady", "message": "container runtime is down"}
    made["status"] = {"conditions": [condition]}
    return made


FIRES = scene(unready("False"))

QUIET = scene(node())


def test_quotes_the_kubelet() -> None:
    [found, *_] = look(node_not_ready, FIRES)
    assert found.summary == "node worker-1 is not ready: container runtime is down"

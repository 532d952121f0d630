"""A running pod that was given other resources, which its node cannot give."""

from tests.investigation.worlds import Document, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.resize_impossible import resize_impossible


def resized(reason: str) -> Document:
    made = pod("cart")
    told = {"type": "PodResizePending", "status": "True", "reason": reason, "message": "Node has no capacity for it"}
    made["status"]["conditions"].append(told | {"lastTransitionTime": "2026-03-01T11:58:00Z"})
    return made


FIRES = scene(resized("Infeasible"))

QUIET = scene(resized("Deferred"))


def test_quotes_the_kubelet() -> None:
    [found] = look(resize_impossible, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot be resized on worker-1: Node has no capacity for it"

"""A pod that is not to be scheduled yet, because a gate on it was never lifted."""

from tests.investigation.worlds import Document, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.scheduling_gated import scheduling_gated


def gated(made_at: str) -> Document:
    made = pod("cart", node="", schedulingGates=[{"name": "queue.example/admission"}])
    made["metadata"]["creationTimestamp"] = made_at
    return made


FIRES = scene(gated("2026-03-01T11:30:00Z"))

QUIET = scene(gated("2026-03-01T11:58:00Z"))


def test_names_the_gate() -> None:
    [found] = look(scheduling_gated, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q is not scheduled: its gate queue.example/admission was not taken off"

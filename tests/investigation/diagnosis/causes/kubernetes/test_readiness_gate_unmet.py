"""A pod that waits for somebody else to say that it is ready."""

from tests.investigation.worlds import Document, container, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.readiness_gate_unmet import readiness_gate_unmet

GATE = "balancer.example/registered"


def gated(*, ready: bool) -> Document:
    made = pod("cart", container(ready=ready), readinessGates=[{"conditionType": GATE}])
    made["status"]["conditions"] = [{"type": "Ready", "status": "False", "reason": "ReadinessGatesNotReady"}]
    return made


FIRES = scene(gated(ready=True))

QUIET = scene(gated(ready=False))


def test_names_the_gate() -> None:
    [found] = look(readiness_gate_unmet, FIRES)
    assert found.summary.endswith(f"nobody has set its readiness gate {GATE}")

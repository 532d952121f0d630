"""An autoscaler of the cluster that would add a node for a pod, and cannot."""

from tests.investigation.worlds import event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.autoscaler_at_its_limit import autoscaler_at_its_limit

SHORT = (
    "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found."
)
WAITS = pod("cart", node="", unscheduled=SHORT)
FIRES = scene(WAITS, event(WAITS, "NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached"))

QUIET = scene(WAITS, event(WAITS, "NotTriggerScaleUp", "pod didn't trigger scale-up: 1 Insufficient cpu"))


def test_quotes_the_autoscaler() -> None:
    [found] = look(autoscaler_at_its_limit, FIRES)
    assert found.summary == ("cart-7f9c4d-x2x1q waits for room, and no node is added: 1 max node group size reached")

"""A volume that can only be used where the pod cannot run."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_elsewhere import volume_elsewhere

AWAY = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had volume node affinity conflict."
FIRES = scene(pod("cart", node="", unscheduled=AWAY))

QUIET = scene(
    pod("cart", node="", unscheduled="0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
)


def test_counts_the_nodes() -> None:
    [found, *_] = look(volume_elsewhere, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for a node: its volume cannot be used on 50% of the nodes"

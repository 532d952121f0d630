"""A pod that must be near, or away from, other pods."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.pod_affinity_unmet import pod_affinity_unmet

APART = "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."
FIRES = scene(pod("cart", node="", unscheduled=APART))

QUIET = scene(pod("cart", node="", unscheduled="0/2 nodes are available: 2 Insufficient cpu."))


def test_says_which_affinity() -> None:
    [found, *_] = look(pod_affinity_unmet, FIRES)
    assert (
        found.summary == "cart-7f9c4d-x2x1q waits for a node: its pod anti-affinity cannot be met on 100% of the nodes"
    )

"""A node that can attach no more volumes."""

from tests.investigation.worlds import look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_limit_reached import volume_limit_reached

FULL = "0/2 nodes are available: 2 node(s) exceed max volume count. preemption: 0/2 nodes are available"
DRIVERS = meta("CSINode", "worker-1") | {"spec": {"drivers": [{"name": "disk", "allocatable": {"count": 25}}]}}
FIRES = scene(pod("cart", node="", unscheduled=FULL), DRIVERS)

QUIET = scene(pod("cart"), DRIVERS)


def test_says_how_many_a_node_takes() -> None:
    [found] = look(volume_limit_reached, FIRES)
    assert found.summary.endswith("100% of the nodes can attach no more volumes (25 a node)")

"""A system service of a node that does not run, of those that no cause of its own tells."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.node_service_down import node_service_down

DOWN = {"node": "master", "service": "kube-controller-manager", "active": False, "state": "inactive (dead)"}
FIRES = scene(pod("cart"), node_services=[DOWN])

QUIET = scene(pod("cart"), node_services=[DOWN | {"active": True, "state": "active (running)"}])


def test_says_what_stops_with_it() -> None:
    [found] = look(node_service_down, FIRES)
    told = "kube-controller-manager on master is inactive (dead): nothing is scaled, replaced or rolled out"
    assert found.summary == told

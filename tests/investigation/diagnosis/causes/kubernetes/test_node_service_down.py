"""A system service of a node that does not run."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.node_service_down import node_service_down

DOWN = {"node": "master", "service": "kube-scheduler", "active": False, "state": "inactive (dead)"}
FIRES = scene(pod("cart", node=""), node_services=[DOWN])

QUIET = scene(node_services=[DOWN | {"active": True, "state": "active (running)"}])


def test_says_what_stops_with_it() -> None:
    [found, *_] = look(node_service_down, FIRES)
    assert found.summary == "kube-scheduler on master is inactive (dead): no new pod is given a node"


def test_is_felt_by_pods_that_no_scheduler_looked_at() -> None:
    [found] = look(node_service_down, FIRES)
    assert [str(subject) for subject in found.felt_by] == ["Deployment/shop/cart"]

"""A cluster whose scheduler does not run."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.scheduler_down import scheduler_down

DOWN = {"node": "master", "service": "kube-scheduler", "active": False, "state": "inactive (dead)"}
FIRES = scene(pod("cart", node=""), node_services=[DOWN])

QUIET = scene(pod("cart", node=""), node_services=[DOWN | {"active": True, "state": "active (running)"}])


def test_counts_who_waits() -> None:
    [found] = look(scheduler_down, FIRES)
    assert found.summary == "kube-scheduler on master is inactive (dead): no new pod is given a node, 1 wait"
    assert [str(subject) for subject in found.felt_by] == ["Deployment/shop/cart"]


def test_another_leader_is_enough() -> None:
    other = DOWN | {"node": "master-2", "active": True}
    assert look(scheduler_down, scene(pod("cart", node=""), node_services=[DOWN, other])) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == ("scheduler-down", "Node/master", "high")

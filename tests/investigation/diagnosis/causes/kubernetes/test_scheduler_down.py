"""A cluster whose scheduler does not run."""

from tests.investigation.worlds import NOW, Document, look, meta, pod, scene, within
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.scheduler_down import scheduler_down

DOWN = {"node": "master", "service": "kube-scheduler", "active": False, "state": "inactive (dead)"}


def unseen() -> Document:
    made = pod("cart", node="")
    made["metadata"]["creationTimestamp"] = "2026-03-01T11:50:00Z"
    made["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
    return made


def lease(renewed: str) -> Document:
    return within("kube-system", meta("Lease", "kube-scheduler") | {"spec": {"renewTime": renewed}})


FIRES = scene(unseen(), node_services=[DOWN])

QUIET = scene(unseen(), node_services=[DOWN | {"active": True, "state": "active (running)"}])


def test_counts_who_waits() -> None:
    [found] = look(scheduler_down, FIRES)
    assert found.summary == "kube-scheduler on master is inactive (dead): no new pod is given a node, 1 wait"
    assert [str(subject) for subject in found.felt_by] == ["Deployment/shop/cart"]


def test_another_leader_is_enough() -> None:
    other = DOWN | {"node": "master-2", "active": True}
    assert look(scheduler_down, scene(unseen(), node_services=[DOWN, other])) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == ("scheduler-down", "Node/master", "high")


def test_blames_a_lease_that_is_not_renewed() -> None:
    first = diagnose(parse_snapshot(scene(unseen(), lease("2026-03-01T11:40:00Z")))).hypotheses[0]
    assert (first.cause, str(first.subject)) == ("scheduler-down", "Lease/kube-system/kube-scheduler")
    assert first.explains


def test_a_leader_is_at_work() -> None:
    assert look(scheduler_down, scene(unseen(), lease(NOW))) == []

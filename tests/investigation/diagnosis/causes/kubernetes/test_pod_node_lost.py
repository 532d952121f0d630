"""A pod on a node that is gone."""

from tests.investigation.worlds import deployment, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pod_node_lost import pod_node_lost

LOST = pod(node="worker-7")
LOST["status"]["reason"] = "NodeLost"
LOST["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
FIRES = scene(LOST, deployment(ready=0), node("worker-1"))

QUIET = scene(pod(node="worker-7"), deployment(), node("worker-1"))


def test_says_that_the_node_is_gone() -> None:
    [found] = look(pod_node_lost, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q is on node worker-7, which the cluster no longer has"


def test_all_nodes_must_be_known_for_one_to_be_missing() -> None:
    unready = LOST | {"status": LOST["status"] | {"reason": ""}}
    known, unknown = (scene(unready, node("worker-1"), collected=held) for held in (["Node"], []))
    assert look(pod_node_lost, known)
    assert not look(pod_node_lost, unknown)


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("pod-node-lost", "high")

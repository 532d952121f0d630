"""A pod that names its node itself, where there is no such node."""

from tests.investigation.worlds import Document, deployment, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.named_node_missing import named_node_missing
from tocsin.investigation.diagnosis.causes.kubernetes.pod_node_lost import pod_node_lost


def pinned(name: str, created: str = "2026-03-01T11:50:00Z") -> Document:
    made = pod(node=name)
    made["metadata"]["creationTimestamp"] = created
    made["status"] = {"phase": "Pending", "qosClass": "BestEffort"}
    return made


CART = deployment(ready=0, nodeName="worker-77")
FIRES = scene(pinned("worker-77"), CART, node("worker-1"), node("worker-7"))

QUIET = scene(pinned("worker-7"), deployment(ready=0, nodeName="worker-7"), node("worker-1"), node("worker-7"))


def test_says_who_named_the_node_and_leaves_the_choice_to_the_scheduler() -> None:
    [found] = look(named_node_missing, FIRES)
    assert "waits on node worker-77, which it names itself" in found.summary
    assert '{"op": "remove", "path": "/spec/template/spec/nodeName"}' in found.remedies[0].argv[-1]


def test_a_pod_that_a_scheduler_placed_was_lost_with_its_node() -> None:
    placed = pinned("worker-77")
    placed["status"]["conditions"] = [{"type": "PodScheduled", "status": "True"}]
    document = scene(placed, deployment(ready=0), node("worker-1"), collected=["Node"])
    assert look(named_node_missing, document) == []
    assert look(pod_node_lost, document)


def test_nothing_is_missing_where_only_some_nodes_were_read() -> None:
    assert look(named_node_missing, scene(pinned("worker-77"), CART, node("worker-1"), partial=["Node"])) == []


def test_a_kubelet_gets_a_minute() -> None:
    young = pinned("worker-77", created="2026-03-01T11:59:30Z")
    assert look(named_node_missing, scene(young, CART, node("worker-1"))) == []


def test_ranks_first_and_alone() -> None:
    document = scene(pinned("worker-77"), CART, node("worker-1"), collected=["Node"])
    [only] = diagnose(parse_snapshot(document)).hypotheses
    assert (only.cause, only.confidence_label) == ("named-node-missing", "high")

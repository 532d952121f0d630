"""Pods that were put off a node by a taint."""

from tests.investigation.worlds import condition, deployment, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pods_evicted_by_taint import pods_evicted_by_taint

ENDS = pod()
ENDS["metadata"]["deletionTimestamp"] = "2026-03-01T12:00:00Z"
ENDS["status"]["conditions"].append(condition("DisruptionTarget", "True", "DeletionByTaintManager"))
TAINT = {"key": "team", "value": "search", "effect": "NoExecute"}
FIRES = scene(node(taints=[TAINT]), ENDS, deployment(ready=0))

QUIET = scene(node(taints=[TAINT | {"effect": "NoSchedule"}]), ENDS, deployment(ready=0))


def test_names_the_taint_and_takes_it_off() -> None:
    [found] = look(pods_evicted_by_taint, FIRES)
    assert found.summary == "taint team=search:NoExecute on worker-1 ended 1 pods"
    assert found.remedies[0].argv == ("kubectl", "taint", "node", "worker-1", "team:NoExecute-")


def test_a_taint_of_a_failed_node_is_not_the_cause() -> None:
    failed = {"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"}
    assert look(pods_evicted_by_taint, scene(node(taints=[failed]), ENDS)) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == (
        "pods-evicted-by-taint",
        "Node/worker-1",
        "high",
    )

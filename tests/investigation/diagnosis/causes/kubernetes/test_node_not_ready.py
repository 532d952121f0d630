"""A node that reports that it cannot run pods."""

from tests.investigation.worlds import condition, ill, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_not_ready import node_not_ready

FULL = condition("Ready", "False", "KubeletNotReady", "failed to initialize CSINode: error updating CSINode")
FIRES = scene(ill("worker-1", FULL), pod())

QUIET = scene(node(), pod())


def test_quotes_the_kubelet() -> None:
    [found] = look(node_not_ready, FIRES)
    assert found.summary == "node worker-1 is not ready: failed to initialize CSINode: error updating CSINode"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject)) == ("node-not-ready", "Node/worker-1")

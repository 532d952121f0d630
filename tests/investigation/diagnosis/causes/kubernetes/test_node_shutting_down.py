"""A node that is being taken away."""

from tests.investigation.worlds import condition, deployment, ill, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_shutting_down import node_shutting_down

ENDED = pod(phase="Failed")
ENDED["status"] |= {"reason": "Terminated", "message": "Pod was terminated in response to imminent node shutdown."}
GOING = {"key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule"}
FIRES = scene(node(taints=[GOING]), ENDED, deployment(ready=0))

QUIET = scene(node(taints=[GOING]), ENDED, deployment(ready=1))


def test_names_the_sign_and_counts_the_pods() -> None:
    [found] = look(node_shutting_down, FIRES)
    told = "node worker-1 is being taken away (ToBeDeletedByClusterAutoscaler); 1 pods on it end or ended"
    assert found.summary == told


def test_the_kubelets_own_word_is_enough() -> None:
    ready = condition("Ready", "False", "KubeletNotReady", "node is shutting down")
    assert look(node_shutting_down, scene(ill("worker-1", ready)))


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-shutting-down", "high")

"""A node that was registered and has never reported."""

from tests.investigation.worlds import condition, ill, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_never_ready import node_never_ready

NEVER = condition("Ready", "Unknown", "NodeStatusNeverUpdated", "Kubelet never posted node status.")
STOPPED = condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
FIRES = scene(ill("worker-9", NEVER), pod())

QUIET = scene(ill("worker-9", STOPPED), pod())

TAINT = {"key": "node.cloudprovider.kubernetes.io/uninitialized", "value": "true", "effect": "NoSchedule"}


def test_a_new_node_has_ten_minutes_to_be_initialised() -> None:
    young, old = node("young", taints=[TAINT]), node("old", taints=[TAINT])
    old["metadata"]["creationTimestamp"] = "2026-03-01T11:15:00Z"
    [found] = look(node_never_ready, scene(young, old))
    assert found.summary == "node old was not initialised by its cloud provider in 45 min"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-never-ready", "high")

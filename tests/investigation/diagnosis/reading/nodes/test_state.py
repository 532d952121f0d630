"""What keeps a node from being ready."""

import pytest

from tests.investigation.worlds import condition, ill, world
from tocsin.investigation.diagnosis.reading.nodes.state import ailing, running, stopped

DOWN = {"node": "worker-1", "service": "kubelet.service", "active": False}


@pytest.mark.parametrize(
    ("reason", "message", "ailment"),
    [
        ("NodeStatusUnknown", "Kubelet stopped posting node status.", "kubelet"),
        ("NodeStatusNeverUpdated", "Kubelet never posted node status.", "never"),
        ("KubeletNotReady", "[container runtime is down, PLEG is not healthy]", "runtime"),
        ("KubeletNotReady", "container runtime network not ready: cni plugin not initialized", "network"),
        ("KubeletNotReady", "node is shutting down", "shutdown"),
        ("KubeletNotReady", "failed to initialize CSINode", ""),
    ],
)
def test_tells_ailments_apart(reason: str, message: str, ailment: str) -> None:
    held = world(ill("worker-1", condition("Ready", "False", reason, message)))
    told = {name for name in ("kubelet", "never", "runtime", "network", "shutdown", "") for _ in ailing(held, name)}
    assert told == {ailment}


def test_a_service_that_does_not_run_is_known_without_its_suffix() -> None:
    [held] = stopped(world(node_services=[DOWN]), "kubelet")
    assert (held.node.name, held.state, held.cite.ref) == ("worker-1", "not running", "node_services/0#/active")


def test_where_nobody_looked_nothing_runs() -> None:
    assert running(world(), "kubelet") == frozenset()

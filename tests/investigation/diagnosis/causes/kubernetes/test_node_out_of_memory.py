"""A node that ran out of memory."""

from tests.investigation.worlds import event, exited, look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.node_out_of_memory import node_out_of_memory

WORKER, VICTIM = node(), pod("cart", exited("OOMKilled", 137))
SAID = "System OOM encountered, victim process: java, pid: 4711"
FIRES = scene(WORKER, VICTIM, event(WORKER, "SystemOOM", SAID))

QUIET = scene(WORKER, VICTIM, event(WORKER, "OOMKilling", "Memory cgroup out of memory: Killed process 4711 (java)"))


def test_names_the_victim() -> None:
    [found] = look(node_out_of_memory, FIRES)
    assert found.summary == f"worker-1 ran out of memory: {SAID}; it killed cart-7f9c4d-x2x1q"


def test_a_node_that_ran_out_long_ago_is_history() -> None:
    told = event(WORKER, "SystemOOM", SAID, at="2026-03-01T09:00:00Z")
    assert look(node_out_of_memory, scene(WORKER, VICTIM, told)) == []

"""Nodes that would take a pod, were they not cordoned."""

from tests.investigation.worlds import look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.nodes_cordoned import nodes_cordoned

CORDONED = "0/1 nodes are available: 1 node(s) were unschedulable."
FIRES = scene(pod("cart", node="", unscheduled=CORDONED), node(unschedulable=True))

QUIET = scene(pod("cart"), node(unschedulable=True))


def test_names_the_nodes() -> None:
    [found, *_] = look(nodes_cordoned, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for a node, and these are cordoned: worker-1"


def test_uncordons_them() -> None:
    [found] = look(nodes_cordoned, FIRES)
    assert [command.argv for command in found.remedies] == [("kubectl", "uncordon", "worker-1")]

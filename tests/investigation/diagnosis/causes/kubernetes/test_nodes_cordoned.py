"""Nodes that would take a pod, were they not cordoned."""

from tests.investigation.worlds import container, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
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


def test_ranks_before_full_nodes_where_the_cordoned_one_could_hold_the_pod() -> None:
    text = "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu."
    large = node("worker-9", unschedulable=True) | {"status": {"allocatable": {"cpu": "8", "memory": "32Gi"}}}
    small = container(resources={"requests": {"cpu": "1"}})
    first = diagnose(parse_snapshot(scene(pod("cart", small, node="", unscheduled=text), large))).hypotheses[0]
    assert first.cause == "nodes-cordoned"


def test_takes_cordoned_control_plane_nodes_for_normal_where_there_are_others() -> None:
    text = "0/2 nodes are available: 1 node(s) were unschedulable, 1 Insufficient cpu."
    control = node("control", labels={"node-role.kubernetes.io/control-plane": ""}, unschedulable=True)
    assert look(nodes_cordoned, scene(pod("cart", node="", unscheduled=text), control, node())) == []

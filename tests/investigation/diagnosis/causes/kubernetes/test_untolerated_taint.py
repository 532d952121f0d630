"""Nodes that keep pods away by a taint."""

from tests.investigation.worlds import deployment, look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.untolerated_taint import untolerated_taint

TAINT = {"key": "team", "value": "search", "effect": "NoSchedule"}
KEPT_AWAY = "0/1 nodes are available: 1 node(s) had untolerated taint {team: search}."
FIRES = scene(pod("cart", node="", unscheduled=KEPT_AWAY), node(taints=[TAINT]))

QUIET = scene(pod("cart", tolerations=[{"operator": "Exists"}]), node(taints=[TAINT]))


def test_names_the_taint() -> None:
    [found, *_] = look(untolerated_taint, FIRES)
    assert (
        found.summary
        == "cart-7f9c4d-x2x1q waits for a node: 100% of the nodes have team=search, which it does not tolerate"
    )


def test_takes_the_taint_off_and_can_put_it_back() -> None:
    [found] = look(untolerated_taint, FIRES)
    [command] = found.remedies
    assert command.argv == ("kubectl", "taint", "node", "worker-1", "team:NoSchedule-")
    assert command.undo
    assert command.undo.argv[-1] == "team=search:NoSchedule"


def test_takes_control_plane_nodes_for_normal_where_there_are_others() -> None:
    text = (
        "0/2 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, "
        "1 Insufficient cpu."
    )
    assert look(untolerated_taint, scene(pod("cart", node="", unscheduled=text), node())) == []


def test_names_the_control_plane_taint_of_a_cluster_with_nothing_else() -> None:
    text = "0/1 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }."
    [found] = look(untolerated_taint, scene(pod("cart", node="", unscheduled=text)))
    assert "node-role.kubernetes.io/control-plane" in found.summary


def test_leaves_taints_of_a_condition_to_the_node() -> None:
    text = "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }."
    assert look(untolerated_taint, scene(pod("cart", node="", unscheduled=text), node())) == []


def test_finds_the_taint_where_the_message_does_not_name_it() -> None:
    text = "0/1 nodes are available: 1 node(s) had untolerated taint(s)."
    [found] = look(untolerated_taint, scene(pod("cart", node="", unscheduled=text), node(taints=[TAINT])))
    assert "team=search" in found.summary


def test_names_the_taint_of_a_condition_where_no_node_was_read() -> None:
    text = "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }."
    [found] = look(untolerated_taint, scene(pod("cart", node="", unscheduled=text)))
    assert "node.kubernetes.io/not-ready" in found.summary
    assert [cite.weight for cite in found.cites] == [1.6]


def test_offers_to_tolerate_the_taint() -> None:
    waits = pod("cart", node="", unscheduled=KEPT_AWAY)
    [found] = look(untolerated_taint, scene(waits, deployment(ready=0), node(taints=[TAINT])))
    added = '"path": "/spec/template/spec/tolerations", "value": [{"operator": "Equal", "key": "team"'
    assert added in found.remedies[0].argv[-1]

"""Nodes that keep pods away by a taint."""

from tests.investigation.worlds import look, node, pod, scene
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

"""A node that was rebooted."""

from tests.investigation.worlds import container, deployment, event, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_rebooted import node_rebooted

BACK = container(restarts=1)
BACK[1]["lastState"] = {"terminated": {"reason": "Unknown", "exitCode": 255, "finishedAt": "2026-03-01T11:50:00Z"}}
TOLD = event(node(), "Rebooted", "Node worker-1 has been rebooted, boot id: 6f1c", at="2026-03-01T11:51:00Z")
STARTS = container(ready=False, restarts=1)
STARTS[1]["lastState"] = BACK[1]["lastState"]
FIRES = scene(node(), TOLD, pod("cart", STARTS), deployment(ready=0))

QUIET = scene(node(), TOLD | {"reason": "Starting"}, pod("cart", STARTS), deployment(ready=0))


def test_says_when_and_who_restarted() -> None:
    [found] = look(node_rebooted, FIRES)
    assert found.summary == "node worker-1 was rebooted at 11:51; 1 of its pods restarted or are not back"


def test_one_after_which_all_is_back_is_told_to_who_asks() -> None:
    asked = {"title": "restarted", "labels": {"namespace": "shop", "node": "worker-1"}}
    back = (node(), TOLD, pod("cart", BACK), deployment())
    assert look(node_rebooted, scene(*back)) == []
    assert look(node_rebooted, scene(*back, alert=asked))


def test_a_reboot_long_ago_is_history() -> None:
    old = event(node(), "Rebooted", "Node worker-1 has been rebooted, boot id: 6f1c", at="2026-03-01T02:00:00Z")
    assert look(node_rebooted, scene(node(), old, pod("cart", STARTS))) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-rebooted", "high")

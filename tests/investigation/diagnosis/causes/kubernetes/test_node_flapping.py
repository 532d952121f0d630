"""A node that becomes not ready and ready again and again."""

from typing import Any

from tests.investigation.worlds import event, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_flapping import node_flapping


def lost(times: int) -> dict[str, Any]:
    told = event(node(), "NodeNotReady", "Node worker-1 status is now: NodeNotReady", at="2026-03-01T11:20:00Z")
    return told | {"type": "Normal", "count": times}


FIRES = scene(node(), pod(), lost(4))

QUIET = scene(node(), pod(), lost(1))


def test_counts_how_often() -> None:
    [found] = look(node_flapping, FIRES)
    assert found.summary == "node worker-1 became not ready 4 times within an hour"


def test_is_sure_of_it() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].confidence_label == "high"

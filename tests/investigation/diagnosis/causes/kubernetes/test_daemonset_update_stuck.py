"""A DaemonSet whose update waits for a pod that does not end."""

from typing import Any

from tests.investigation.worlds import daemonset, look, member, node, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.daemonset_update_stuck import daemonset_update_stuck

ROLLS = daemonset(desired=3, ready=2, updatedNumberScheduled=1)


def ends(at: str) -> dict[str, Any]:
    made = member(ROLLS, 1)
    made["metadata"]["deletionTimestamp"] = at
    return made


FIRES = scene(ROLLS, member(ROLLS, 0), ends("2026-03-01T11:00:00Z"), node())

QUIET = scene(ROLLS, member(ROLLS, 0), ends("2026-03-01T12:00:20Z"), node())


def test_names_the_pod_and_its_node() -> None:
    [found] = look(daemonset_update_stuck, FIRES)
    assert found.summary == "the update of agent is at 1 of 3 nodes: agent-1 on worker-1 does not end"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("daemonset-update-stuck", "high")

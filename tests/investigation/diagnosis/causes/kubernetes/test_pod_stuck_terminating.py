"""A pod that was deleted and does not go."""

from typing import Any

from tests.investigation.worlds import condition, deployment, event, ill, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pod_stuck_terminating import pod_stuck_terminating


def ending(since: str, *finalizers: str) -> dict[str, Any]:
    made = pod()
    made["metadata"] |= {"deletionTimestamp": since, "finalizers": list(finalizers)}
    return made


HELD = ending("2026-03-01T11:00:00Z", "example.com/backup")
FIRES = scene(HELD, deployment())

QUIET = scene(ending("2026-03-01T12:00:20Z", "example.com/backup"), deployment())


def test_names_the_finalizer() -> None:
    [found] = look(pod_stuck_terminating, FIRES)
    told = "cart-7f9c4d-x2x1q should have ended 60 min ago; the finalizer example.com/backup holds it"
    assert found.summary == told
    assert found.remedies[1].tier == "irreversible"


def test_quotes_a_kubelet_that_cannot_end_it() -> None:
    stuck = ending("2026-03-01T11:00:00Z")
    failed = event(stuck, "FailedKillPod", "error killing pod: failed to stop container: context deadline exceeded")
    [found] = look(pod_stuck_terminating, scene(stuck, failed))
    assert "its kubelet cannot end it: error killing pod" in found.summary


def test_on_a_node_that_is_away_the_node_is_the_cause() -> None:
    away = ill("worker-1", condition("Ready", "Unknown", "NodeStatusUnknown"))
    assert look(pod_stuck_terminating, scene(HELD, away)) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("pod-stuck-terminating", "high")

"""A node whose clock is wrong."""

from typing import Any

from tests.investigation.worlds import condition, ill, logs, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_clock_skew import node_clock_skew


def reports(name: str, at: str) -> dict[str, Any]:
    return ill(name, condition("Ready") | {"lastHeartbeatTime": at})


LINE = "error: x509: certificate has expired or is not yet valid: current time 2026-03-01T12:20:00Z"
EARLY = reports("worker-1", "2026-03-01T12:20:00Z")
FIRES = scene(EARLY, reports("worker-2", "2026-03-01T11:59:58Z"), pod(), logs=logs(pod(), LINE, run="current"))

QUIET = scene(reports("worker-1", "2026-03-01T11:59:50Z"), reports("worker-2", "2026-03-01T11:59:58Z"), pod())


def test_says_when_it_reported() -> None:
    [found] = look(node_clock_skew, FIRES)
    assert found.summary == "the clock of node worker-1 is wrong: it reported at 2026-03-01T12:20:00Z, later than now"


def test_when_all_are_early_it_is_the_clock_here() -> None:
    assert look(node_clock_skew, scene(EARLY, reports("worker-2", "2026-03-01T12:20:00Z"))) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("node-clock-skew", "high")

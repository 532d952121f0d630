"""An autoscaler that goes up and down all the time."""

from typing import Any

from tests.investigation.worlds import autoscaler, deployment, event, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_flapping import hpa_flapping

SCALER = autoscaler("cart")
UP = "New size: 5; reason: cpu resource utilization (percentage of request) above target"
DOWN = "New size: 2; reason: All metrics below target"


def rescaled(message: str, times: int) -> dict[str, Any]:
    told = event(SCALER, "SuccessfulRescale", message, at="2026-03-01T11:20:00Z")
    return told | {"type": "Normal", "count": times}


FIRES = scene(SCALER, deployment(), pod(), rescaled(UP, 4), rescaled(DOWN, 4))

QUIET = scene(SCALER, deployment(), pod(), rescaled(UP, 6))


def test_says_how_often_and_how_far() -> None:
    [found] = look(hpa_flapping, FIRES)
    assert found.summary == "autoscaler cart changed cart 8 times within an hour, between 2 and 5 replicas"


def test_takes_replicas_away_more_slowly() -> None:
    [found] = look(hpa_flapping, FIRES)
    assert '"stabilizationWindowSeconds": 600' in found.remedies[0].argv[-1]


def test_is_sure_of_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-flapping", "high")

"""An autoscaler that would run more replicas than it may."""

from typing import Any

from tests.investigation.worlds import autoscaler, condition, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_at_maximum import hpa_at_maximum

LIMITED = condition("ScalingLimited", "True", "TooManyReplicas", "the desired replica count is more than the maximum")


def busy(percent: int) -> dict[str, Any]:
    made = autoscaler("cart", LIMITED, now=5)
    cpu = {"name": "cpu", "current": {"averageUtilization": percent, "averageValue": "400m"}}
    made["status"]["currentMetrics"] = [{"type": "Resource", "resource": cpu}]
    return made


FIRES = scene(busy(160), deployment(replicas=5), pod())

QUIET = scene(busy(84), deployment(replicas=5), pod())


def test_reckons_how_many_it_would_take() -> None:
    [found] = look(hpa_at_maximum, FIRES)
    told = "cart runs 5 replicas, the most that cart may, with cpu at 2.0 times the wanted value: it would take 10"
    assert found.summary == told
    assert '"value": 10' in found.remedies[0].argv[-1]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-at-maximum", "high")

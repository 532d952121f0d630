"""An autoscaler by a metric of its own, which nobody serves."""

from tests.investigation.worlds import autoscaler, condition, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_custom_metric_missing import hpa_custom_metric_missing

WHY = "the HPA was unable to compute the replica count: unable to get external metric shop/queue_length/nil"
BLIND = condition("ScalingActive", "False", "FailedGetExternalMetric", WHY)
FIRES = scene(autoscaler("cart", BLIND), deployment(), pod())

QUIET = scene(autoscaler("cart", condition("ScalingActive", "True", "ValidMetricFound")), deployment(), pod())


def test_names_the_metric() -> None:
    [found] = look(hpa_custom_metric_missing, FIRES)
    told = "autoscaler cart does nothing for cart: unable to get external metric shop/queue_length/nil"
    assert found.summary == told


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-custom-metric-missing", "high")

"""What autoscalers measure."""

from fractions import Fraction

from tests.investigation.worlds import autoscaler, condition, world
from tocsin.investigation.diagnosis.reading.load.autoscalers import gauges, hindered


def test_compares_what_is_with_what_shall_be() -> None:
    made = autoscaler()
    now = {"name": "cpu", "current": {"averageUtilization": 120, "averageValue": "300m"}}
    made["status"]["currentMetrics"] = [{"type": "Resource", "resource": now}]
    [gauge] = gauges(world(made).of("HorizontalPodAutoscaler")[0])
    assert (gauge.name, gauge.ratio) == ("cpu", Fraction(3, 2))


def test_names_what_it_scales() -> None:
    blind = condition("ScalingActive", "False", "FailedGetResourceMetric")
    [held] = hindered(world(autoscaler("cart", blind)), "ScalingActive", "FailedGetResourceMetric")
    assert str(held.target) == "Deployment/shop/cart"

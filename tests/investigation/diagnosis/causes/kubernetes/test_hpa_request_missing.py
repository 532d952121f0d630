"""An autoscaler that cannot compute utilisation, because a container requests nothing."""

from tests.investigation.worlds import autoscaler, condition, deployment, look, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_request_missing import hpa_request_missing

WHY = (
    "the HPA was unable to compute the replica count: failed to get cpu utilization: "
    "missing request for cpu in container app of Pod cart-7f9c4d-x2x1q"
)
BLIND = condition("ScalingActive", "False", "FailedGetResourceMetric", WHY)
USE = meta("PodMetrics", "cart-7f9c4d-x2x1q") | {"containers": [{"name": "app", "usage": {"cpu": "180m"}}]}
FIRES = scene(autoscaler("cart", BLIND), deployment(), pod(), USE)

OTHER = condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics returned from resource metrics API")
QUIET = scene(autoscaler("cart", OTHER), deployment(), pod(), USE)


def test_names_the_container() -> None:
    [found] = look(hpa_request_missing, FIRES)
    assert found.summary == "autoscaler cart does nothing for cart: app requests no cpu"


def test_requests_what_it_uses() -> None:
    [found] = look(hpa_request_missing, FIRES)
    assert found.remedies[0].argv[-1] == "--requests=cpu=180m"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-request-missing", "high")

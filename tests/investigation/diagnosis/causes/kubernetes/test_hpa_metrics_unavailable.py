"""An autoscaler that gets no CPU or memory figures, because nobody in the cluster serves them."""

from tests.investigation.worlds import autoscaler, condition, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_metrics_unavailable import hpa_metrics_unavailable

START = "the HPA was unable to compute the replica count: "
NOBODY = (
    "unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: "
    "the server could not find the requested resource (get pods.metrics.k8s.io)"
)
YOUNG = "failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)"
FIRES = scene(
    autoscaler("cart", condition("ScalingActive", "False", "FailedGetResourceMetric", START + NOBODY)),
    deployment(),
    pod(),
)

QUIET = scene(
    autoscaler("cart", condition("ScalingActive", "False", "FailedGetResourceMetric", START + YOUNG)),
    deployment(),
    pod(),
)


def test_quotes_the_autoscaler() -> None:
    [found] = look(hpa_metrics_unavailable, FIRES)
    assert f"autoscaler cart does nothing for cart: {NOBODY}".startswith(found.summary.removesuffix("…"))


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-metrics-unavailable", "high")

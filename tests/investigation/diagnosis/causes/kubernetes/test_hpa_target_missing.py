"""An autoscaler for a workload that does not exist."""

from tests.investigation.worlds import autoscaler, condition, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_target_missing import hpa_target_missing

WHY = 'the HPA controller was unable to get the target\'s current scale: deployments.apps "carts" not found'
LOST = condition("AbleToScale", "False", "FailedGetScale", WHY)
FIRES = scene(autoscaler("cart", LOST, target="carts"), deployment(), pod())

QUIET = scene(autoscaler("cart", target="cart"), deployment(), pod())


def test_points_it_at_the_workload_that_it_nearly_names() -> None:
    [found] = look(hpa_target_missing, FIRES)
    assert found.summary == "autoscaler cart scales nothing: there is no Deployment carts; there is cart"
    assert '"value": "cart"' in found.remedies[0].argv[-1]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-target-missing", "high")

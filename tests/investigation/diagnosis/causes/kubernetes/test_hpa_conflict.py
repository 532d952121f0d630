"""Two autoscalers that scale the same workload."""

from tests.investigation.worlds import autoscaler, condition, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.hpa_conflict import hpa_conflict

BOTH = condition(
    "ScalingActive", "False", "AmbiguousSelector", "pods by selector app=cart are controlled by multiple HPAs"
)
FIRES = scene(autoscaler("cart", BOTH), autoscaler("keda-hpa-cart", BOTH), deployment(), pod())

QUIET = scene(autoscaler("cart"), autoscaler("web", target="web"), deployment(), deployment("web"), pod())


def test_names_both() -> None:
    [found] = look(hpa_conflict, FIRES)
    assert found.summary == "autoscalers cart and keda-hpa-cart both claim the pods of cart"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("hpa-conflict", "high")

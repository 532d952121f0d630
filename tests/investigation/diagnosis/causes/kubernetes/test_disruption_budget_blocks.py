"""A disruption budget that keeps a node from being emptied."""

from tests.investigation.worlds import deployment, look, meta, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.disruption_budget_blocks import disruption_budget_blocks

BUDGET = meta("PodDisruptionBudget", "cart") | {
    "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "cart"}}},
    "status": {"desiredHealthy": 1, "currentHealthy": 1, "expectedPods": 1, "disruptionsAllowed": 0},
}
FIRES = scene(BUDGET, node(unschedulable=True), pod(), deployment())

QUIET = scene(BUDGET, node(), pod(), deployment())


def test_says_what_it_wants_and_has() -> None:
    [found] = look(disruption_budget_blocks, FIRES)
    assert found.summary == "worker-1 cannot be emptied: budget cart wants 1 healthy pods and has 1"


def test_one_replica_more_lets_one_go() -> None:
    [found] = look(disruption_budget_blocks, FIRES)
    assert "--replicas=2" in found.remedies[0].argv


def test_is_sure_of_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("disruption-budget-blocks", "high")


def test_a_node_on_which_others_stay_is_not_being_emptied() -> None:
    assert look(disruption_budget_blocks, scene(BUDGET, node(unschedulable=True), pod(), pod("web"))) == []

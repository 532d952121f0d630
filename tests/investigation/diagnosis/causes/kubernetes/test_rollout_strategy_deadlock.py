"""A rollout whose new pod and old pod wait for each other."""

from typing import Any

from tests.investigation.worlds import deployment, look, node, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.rollout_strategy_deadlock import rollout_strategy_deadlock

WHY = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."
RULE = {"labelSelector": {"matchLabels": {"app": "cart"}}, "topologyKey": "kubernetes.io/hostname"}
APART = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [RULE]}}
NEW = pod("cart", node="", unscheduled=WHY, affinity=APART)
NEW["metadata"]["name"] = "cart-8a0d5e-n3w00"


def rolls(unavailable: int) -> dict[str, Any]:
    made = deployment()
    made["spec"]["strategy"] = {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": unavailable, "maxSurge": 1},
    }
    return made


FIRES = scene(rolls(0), pod(), NEW, node())

QUIET = scene(rolls(1), pod(), NEW, node())


def test_lets_an_old_pod_go_first() -> None:
    [found] = look(rollout_strategy_deadlock, FIRES)
    assert "gets no node beside the old pods (they keep apart from their own kind)" in found.summary
    assert '"maxUnavailable": 1' in found.remedies[0].argv[-1]


def test_a_pod_that_keeps_apart_from_others_is_no_deadlock() -> None:
    other = pod("cart", node="", unscheduled=WHY, affinity=APART | {"podAntiAffinity": {}})
    other["metadata"]["name"] = "cart-8a0d5e-n3w00"
    assert look(rollout_strategy_deadlock, scene(rolls(0), pod(), other)) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert first.cause == "rollout-strategy-deadlock"

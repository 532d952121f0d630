"""A workload of which nobody wants a single replica."""

from tests.investigation.worlds import autoscaler, condition, deployment, event, look, meta, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.scaled_to_zero import scaled_to_zero

ASLEEP = deployment(replicas=0)
IDLE = condition("ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count is zero")
CALLS = deployment("web", containers=[{"name": "app", "env": [{"name": "CART", "value": "http://cart"}]}])
ALERT = {"title": "HPA does nothing", "labels": {"namespace": "shop", "horizontalpodautoscaler": "cart"}}
FIRES = {
    "rollout.scaled_zero": scene(service(), ASLEEP, CALLS),
    "hpa.disabled": scene(ASLEEP, autoscaler("cart", IDLE), alert=ALERT),
}

QUIET = {
    "rollout.scaled_zero": scene(service(), deployment(replicas=1), CALLS),
    "hpa.disabled": scene(ASLEEP, autoscaler("cart", IDLE | {"reason": "ValidMetricFound"}), alert=ALERT),
}


def test_names_the_service_that_waits() -> None:
    [found, *_] = look(scaled_to_zero, FIRES["rollout.scaled_zero"])
    assert found.summary == "cart is scaled to zero, and service cart has nobody else to send requests to"


def test_scales_to_what_there_was_before() -> None:
    down = event(ASLEEP, "ScalingReplicaSet", "Scaled down replica set cart-7f9c4d to 0 from 3")
    [found] = look(scaled_to_zero, scene(service(), ASLEEP, down))
    assert "--replicas=3" in found.remedies[0].argv


def test_another_workload_may_serve_instead() -> None:
    assert look(scaled_to_zero, scene(service(), ASLEEP, CALLS, pod())) == []


def test_what_wakes_on_demand_may_sleep() -> None:
    keda = meta("ScaledObject", "cart") | {"spec": {"scaleTargetRef": {"name": "cart"}, "minReplicaCount": 0}}
    assert look(scaled_to_zero, scene(service(), ASLEEP, CALLS, keda)) == []


def test_what_nobody_calls_may_sleep() -> None:
    assert look(scaled_to_zero, scene(service(), ASLEEP)) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES["rollout.scaled_zero"])).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("scaled-to-zero", "high")


def test_who_tried_to_connect_in_vain_needs_it() -> None:
    tried = [{"target": "cart:80", "succeeded": False}]
    assert look(scaled_to_zero, scene(service(), ASLEEP, probes=tried))

"""A pod that had to go so that one of higher priority could have its place."""

from tests.investigation.worlds import event, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.pod_preempted import pod_preempted

WINNER = pod("search", priority=1000)
WINNER["metadata"]["uid"] = "6f1c"
SHORT = (
    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found."
)
SUCCESSOR = pod("cart", node="", unscheduled=SHORT)
VICTIM = meta("Pod", "cart-7f9c4d-gone1")
ENDED = event(VICTIM, "Preempted", "Preempted by pod 6f1c on node worker-1")
FIRES = scene(WINNER, SUCCESSOR, ENDED)

QUIET = scene(WINNER, pod("cart"), ENDED)


def test_names_both_pods_and_the_priority() -> None:
    [found] = look(pod_preempted, FIRES)
    assert (
        found.summary == "cart-7f9c4d-gone1 was ended to make room for pod search-7f9c4d-x2x1q (priority 1000); "
        "its successor finds no node"
    )


def test_reads_the_condition_of_a_victim_that_is_still_there() -> None:
    victim = pod("cart", phase="Failed")
    victim["metadata"]["name"] = "cart-7f9c4d-gone1"
    victim["status"]["conditions"].append({"type": "DisruptionTarget", "reason": "PreemptionByScheduler"})
    [found] = look(pod_preempted, scene(victim, SUCCESSOR))
    assert found.summary.startswith("cart-7f9c4d-gone1 was ended to make room for pod of higher priority")

"""No node has room for what a pod requests."""

from tests.investigation.worlds import Document, container, event, look, meta, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.insufficient_resources import insufficient_resources


def waits(resource: str, amount: str) -> Document:
    text = (
        f"0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient {resource}. "
        "preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod."
    )
    return pod("cart", container(resources={"requests": {resource: amount}}), node="", unscheduled=text)


def runs(resource: str, amount: str) -> Document:
    return pod("cart", container(resources={"requests": {resource: amount}}))


FIRES = {
    "sched.insufficient_cpu": scene(waits("cpu", "3")),
    "sched.insufficient_memory": scene(waits("memory", "8Gi")),
    "sched.insufficient_extended": scene(waits("nvidia.com/gpu", "1")),
}
QUIET = {
    "sched.insufficient_cpu": scene(runs("cpu", "3")),
    "sched.insufficient_memory": scene(runs("memory", "8Gi")),
    "sched.insufficient_extended": scene(runs("nvidia.com/gpu", "1")),
}


def test_names_the_resource_and_the_request() -> None:
    [found] = look(insufficient_resources, FIRES["sched.insufficient_cpu"])
    assert found.summary == "cart-7f9c4d-x2x1q waits for a node: cpu is short for 3 on 75% of the nodes"


def test_names_a_resource_with_dots_in_its_name() -> None:
    [found] = look(insufficient_resources, FIRES["sched.insufficient_extended"])
    assert "nvidia.com/gpu is short for 1 on 75% of the nodes" in found.summary


def test_says_when_no_node_is_large_enough() -> None:
    small = node() | {"status": {"allocatable": {"memory": "4Gi"}}}
    [found] = look(insufficient_resources, scene(waits("memory", "8Gi"), small))
    assert found.summary.endswith("memory is short for 8Gi on 75% of the nodes; the largest node has 4Gi")


def test_says_that_nodes_hold_as_many_pods_as_they_may() -> None:
    full = pod("cart", node="", unscheduled="0/2 nodes are available: 2 Too many pods.")
    [found] = look(insufficient_resources, scene(full))
    assert found.summary.endswith("no more pods are allowed on 100% of the nodes")


def test_does_not_count_nodes_of_the_control_plane() -> None:
    text = (
        "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, "
        "2 Insufficient cpu."
    )
    [found] = look(insufficient_resources, scene(pod("cart", node="", unscheduled=text)))
    assert "100% of the nodes" in found.summary


def test_believes_the_event_of_a_pod_that_was_not_collected() -> None:
    refused = event(
        meta("Pod", "cart-7f9c4d77-abcde"),
        "FailedScheduling",
        "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.",
    )
    [found] = look(insufficient_resources, scene(refused))
    assert found.subject.name == "cart"

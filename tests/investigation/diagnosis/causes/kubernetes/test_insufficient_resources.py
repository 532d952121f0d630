"""No node has room for what a pod requests."""

from tests.investigation.worlds import container, event, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.insufficient_resources import insufficient_resources

SHORT = (
    "0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. "
    "preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod."
)
FIRES = scene(pod("cart", container(resources={"requests": {"cpu": "3"}}), node="", unscheduled=SHORT))

QUIET = scene(pod("cart", container(resources={"requests": {"cpu": "3"}})))


def test_names_the_resource_and_the_request() -> None:
    [found, *_] = look(insufficient_resources, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for a node: cpu is short for 3 on 75% of the nodes"


def test_believes_the_event_of_a_pod_that_was_not_collected() -> None:
    refused = event(
        meta("Pod", "cart-7f9c4d77-abcde"),
        "FailedScheduling",
        "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.",
    )
    [found] = look(insufficient_resources, scene(refused))
    assert found.subject.name == "cart"

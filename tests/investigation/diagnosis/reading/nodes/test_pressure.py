"""Nodes that run short of something, and who fills them."""

from tests.investigation.worlds import condition, container, ill, meta, node, pod, world
from tocsin.investigation.diagnosis.reading.nodes.pressure import Squeeze, squeezed
from tocsin.investigation.diagnosis.world import World

SHORT = ill("worker-1", condition("MemoryPressure"))


def squeeze(held: World) -> Squeeze:
    [found] = squeezed(held, "MemoryPressure", "memory-pressure", ("memory",))
    return found


def test_a_pod_within_its_request_fills_nothing() -> None:
    use = meta("PodMetrics", "cart-7f9c4d-x2x1q") | {"containers": [{"name": "app", "usage": {"memory": "1Gi"}}]}
    asks = pod("cart", container(resources={"requests": {"memory": "2Gi"}}))
    assert squeeze(world(SHORT, asks, use)).consumer is None
    assert squeeze(world(SHORT, pod(), use)).consumer


def test_a_pod_of_another_node_fills_nothing_here() -> None:
    use = meta("PodMetrics", "cart-7f9c4d-x2x1q") | {"containers": [{"name": "app", "usage": {"memory": "1Gi"}}]}
    assert squeeze(world(SHORT, node("worker-2"), pod(node="worker-2"), use)).consumer is None


def test_whoever_is_kept_out_feels_it() -> None:
    taint = "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/memory-pressure: }."
    held = world(SHORT, pod("web", node="", unscheduled=taint))
    assert [str(at) for at in squeeze(held).felt_by(held)] == ["Deployment/shop/web"]

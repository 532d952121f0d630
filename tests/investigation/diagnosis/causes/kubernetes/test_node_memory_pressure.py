"""A node that runs out of memory."""

from tests.investigation.worlds import condition, container, deployment, ill, look, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_memory_pressure import node_memory_pressure

SHORT = condition("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
LOW = (
    "The node was low on resource: memory. Threshold quantity: 100Mi, available: 52Mi. Container app was using 2Gi, "
    "request is 0, has larger consumption of memory. "
)
GONE = pod("cart", phase="Failed")
GONE["status"] |= {"reason": "Evicted", "message": LOW}
GREEDY = pod("report", container(resources={"requests": {"memory": "64Mi"}}))
USE = meta("PodMetrics", GREEDY["metadata"]["name"]) | {"containers": [{"name": "app", "usage": {"memory": "3Gi"}}]}
ASKS = deployment("report", containers=[{"name": "app", "resources": {"requests": {"memory": "64Mi"}}}])
FIRES = scene(ill("worker-1", SHORT), GONE, deployment(ready=0), GREEDY, ASKS, USE)

QUIET = scene(ill("worker-1", SHORT | {"status": "False"}), GONE, deployment(ready=0), GREEDY, ASKS, USE)


def test_names_who_uses_most_above_its_request() -> None:
    [found] = look(node_memory_pressure, FIRES)
    most = f"app in {GREEDY['metadata']['name']} uses 3Gi, having requested 64Mi"
    assert found.summary == f"node worker-1 runs out of memory; 1 pods evicted, 0 kept out; {most}"


def test_lets_it_request_what_it_uses() -> None:
    [found] = look(node_memory_pressure, FIRES)
    assert found.remedies[0].argv == ("kubectl", "cordon", "worker-1")
    assert found.remedies[1].argv[-1] == "--requests=memory=3Gi"
    assert found.remedies[1].undo
    assert found.remedies[1].undo.argv[-1] == "--requests=memory=64Mi"


def test_without_metrics_the_eviction_tells_who_it_was() -> None:
    [found] = look(node_memory_pressure, scene(ill("worker-1", SHORT), GONE))
    assert found.summary.endswith("uses 2Gi, having requested nothing")


def test_pods_that_request_nothing_contributed() -> None:
    [found] = look(node_memory_pressure, scene(ill("worker-1", SHORT), pod("free")))
    assert found.contributing == ["1 pods on it request no memory: free-7f9c4d-x2x1q"]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == (
        "node-memory-pressure",
        "Node/worker-1",
        "high",
    )

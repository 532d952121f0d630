"""Pods that a node put out because it ran short of something."""

from tests.investigation.worlds import deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pod_evicted import pod_evicted

LOW = (
    "The node was low on resource: memory. Threshold quantity: 100Mi, available: 52Mi. Container app was using "
    "1536Mi, request is 256Mi, has larger consumption of memory. "
)
GONE = pod("cart", phase="Failed")
GONE["status"] |= {"reason": "Evicted", "message": LOW}
FIRES = scene(GONE, deployment(ready=0))

QUIET = scene(GONE, deployment(ready=1))


def test_says_how_much_it_used_and_had_requested() -> None:
    [found] = look(pod_evicted, FIRES)
    assert found.summary.endswith("worker-1 was low on memory; app used 1536Mi with a request of 256Mi")


def test_lets_it_request_what_it_used() -> None:
    [found] = look(pod_evicted, FIRES)
    assert found.remedies[0].argv[-1] == "--requests=memory=1536Mi"


def test_an_evicted_pod_has_no_log_to_miss() -> None:
    assert not [gap for gap in diagnose(parse_snapshot(FIRES)).gaps if gap.startswith("logs shop/cart")]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("pod-evicted", "high")

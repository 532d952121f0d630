"""A pod that was given to a node, and that the node refused."""

from tests.investigation.worlds import deployment, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.pod_rejected_by_node import pod_rejected_by_node

REFUSED = pod("cart", phase="Failed")
REFUSED["status"] |= {
    "reason": "UnexpectedAdmissionError",
    "message": "Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate example.com/gpu",
}
FIRES = scene(REFUSED, deployment(ready=0))

QUIET = scene(REFUSED, deployment())


def test_quotes_the_kubelet() -> None:
    [found] = look(pod_rejected_by_node, FIRES)
    assert found.summary.startswith(
        "node worker-1 refused cart-7f9c4d-x2x1q: UnexpectedAdmissionError: Pod was rejected"
    )

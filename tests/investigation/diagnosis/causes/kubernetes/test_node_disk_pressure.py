"""A node that runs out of disk space."""

from tests.investigation.worlds import condition, deployment, event, ill, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.node_disk_pressure import node_disk_pressure

FULL = condition("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure")
LOW = (
    "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 1Gi. "
    "Container app was using 30Gi, request is 0, has larger consumption of ephemeral-storage. "
)
GONE = pod("cart", phase="Failed")
GONE["status"] |= {"reason": "Evicted", "message": LOW}
SPILLS = pod("report", volumes=[{"name": "tmp", "emptyDir": {}}])
NODE = ill("worker-1", FULL)
UNFREED = event(NODE, "FreeDiskSpaceFailed", "failed to garbage collect required amount of images")
FIRES = scene(NODE, UNFREED, GONE, deployment(ready=0), SPILLS)

QUIET = scene(ill("worker-1", FULL | {"status": "False"}), UNFREED, GONE, deployment(ready=0), SPILLS)


def test_names_who_wrote_most() -> None:
    [found] = look(node_disk_pressure, FIRES)
    assert found.summary.endswith(
        "1 pods evicted, 0 kept out; app in cart-7f9c4d-x2x1q uses 30Gi, having requested nothing"
    )


def test_a_scratch_volume_without_a_limit_contributed() -> None:
    [found] = look(node_disk_pressure, FIRES)
    assert found.contributing == ["1 pods on it have an emptyDir without a limit: report-7f9c4d-x2x1q"]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject), first.confidence_label) == ("node-disk-pressure", "Node/worker-1", "high")

"""A volume on the disk of a node that is no longer there."""

from tests.investigation.worlds import Document, claim, look, meta, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_elsewhere import volume_elsewhere
from tocsin.investigation.diagnosis.causes.kubernetes.volume_node_gone import volume_node_gone

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
AWAY = "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity."
WAITS = pod("cart", node="", unscheduled=AWAY, volumes=MOUNTS)


def disk_of(*hosts: str) -> tuple[Document, Document]:
    rule = {"key": "kubernetes.io/hostname", "operator": "In", "values": list(hosts)}
    affinity = {"required": {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}}
    bound = claim(phase="Bound")
    bound["spec"]["volumeName"] = "disk"
    return bound, meta("PersistentVolume", "disk") | {"spec": {"nodeAffinity": affinity}, "status": {"phase": "Bound"}}


FIRES = scene(WAITS, node("worker-2"), *disk_of("worker-1"))

QUIET = scene(WAITS, node("worker-1"), *disk_of("worker-1"))


def test_names_the_node_that_is_missed() -> None:
    [found] = look(volume_node_gone, FIRES)
    assert found.summary == (
        "cart-7f9c4d-x2x1q waits for worker-1, where volume disk is: no such node is in the cluster"
    )


def test_is_not_a_volume_elsewhere() -> None:
    assert look(volume_elsewhere, FIRES) == []

"""A volume that can only be used where the pod cannot run."""

from tests.investigation.worlds import claim, look, meta, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_elsewhere import volume_elsewhere

AWAY = "0/2 nodes are available: 2 node(s) had volume node affinity conflict."
MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
ZONE = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["a"]}
DISK = meta("PersistentVolume", "disk") | {
    "spec": {"nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [ZONE]}]}}}
}
BOUND = claim(phase="Bound")
BOUND["spec"]["volumeName"] = "disk"
OTHER_ZONE = node(labels={"topology.kubernetes.io/zone": "b"})
FIRES = scene(pod("cart", node="", unscheduled=AWAY, volumes=MOUNTS), BOUND, DISK, OTHER_ZONE)

QUIET = scene(
    pod("cart", node="", unscheduled="0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
)


def test_counts_the_nodes_and_names_the_volume() -> None:
    [found, *_] = look(volume_elsewhere, FIRES)
    assert found.summary == (
        "cart-7f9c4d-x2x1q waits for a node: its volume cannot be used on 100% of the nodes; "
        "disk can be used on none of them"
    )


def test_needs_no_more_than_what_the_scheduler_says() -> None:
    text = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match PersistentVolume's node affinity."
    [found] = look(volume_elsewhere, scene(pod("cart", node="", unscheduled=text)))
    assert found.summary.endswith("its volume cannot be used on 50% of the nodes")

"""A volume for one pod at a time, which another pod has."""

from tests.investigation.worlds import deployment, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.single_pod_volume_taken import single_pod_volume_taken

TAKEN = (
    "0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode "
    "already in-use by another pod."
)
DATA = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
OLD = pod("cart", volumes=DATA)
NEW = pod("cart", node="", unscheduled=TAKEN, volumes=DATA)
NEW["metadata"]["name"] = "cart-7f9c4d-new01"
FIRES = scene(OLD, NEW, deployment(replicas=1))

QUIET = scene(OLD, deployment(replicas=1))


def test_names_the_pod_that_has_it() -> None:
    [found] = look(single_pod_volume_taken, FIRES)
    assert found.summary.endswith("its claim may be used by one pod at a time, and cart-7f9c4d-x2x1q has it")


def test_ends_the_old_pod_first_where_both_are_of_one_workload() -> None:
    [found] = look(single_pod_volume_taken, FIRES)
    assert '"value": {"type": "Recreate"}' in found.remedies[1].argv[-1]

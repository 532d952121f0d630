"""A claim that a pod mounts and that does not exist."""

from tests.investigation.worlds import look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.claim_missing import claim_missing

ABSENT = '0/2 nodes are available: persistentvolumeclaim "data" not found.'
FIRES = scene(pod("cart", node="", unscheduled=ABSENT))

QUIET = scene(
    pod("cart", node="", unscheduled="0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
)


def test_names_the_claim() -> None:
    [found, *_] = look(claim_missing, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for claim data, which does not exist"

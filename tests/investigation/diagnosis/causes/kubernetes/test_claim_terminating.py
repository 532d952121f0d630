"""A claim that is being deleted while pods want it."""

from tests.investigation.worlds import claim, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.claim_terminating import claim_terminating

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
OLD = pod("cart", volumes=MOUNTS)
OLD["metadata"]["name"] = "cart-7f9c4d-old01"
LEAVING = claim(phase="Bound")
LEAVING["metadata"]["deletionTimestamp"] = "2026-03-01T11:00:00Z"
TEXT = '0/2 nodes are available: persistentvolumeclaim "data" is being deleted.'
FIRES = scene(OLD, LEAVING, pod("cart", node="", unscheduled=TEXT, volumes=MOUNTS))

QUIET = scene(OLD, LEAVING)


def test_names_the_pod_that_holds_it() -> None:
    [found] = look(claim_terminating, FIRES)
    assert found.summary == (
        "claim data, for which cart-7f9c4d-x2x1q waits, is being deleted; cart-7f9c4d-old01 still uses it"
    )

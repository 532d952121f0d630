"""A claim that a pod mounts and that does not exist."""

from tests.investigation.worlds import claim, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.claim_missing import claim_missing

ABSENT = '0/2 nodes are available: persistentvolumeclaim "data" not found.'
FIRES = scene(pod("cart", node="", unscheduled=ABSENT))

QUIET = scene(
    pod("cart", node="", unscheduled="0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
)


def test_names_the_claim() -> None:
    [found, *_] = look(claim_missing, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q waits for claim data, which does not exist"


def test_offers_a_claim_of_a_similar_name() -> None:
    mounts = [{"name": "data", "persistentVolumeClaim": {"claimName": "cart-data"}}]
    text = '0/2 nodes are available: persistentvolumeclaim "cart-data" not found.'
    [found] = look(claim_missing, scene(pod("cart", node="", unscheduled=text, volumes=mounts), claim("cart-dat")))
    assert found.summary.endswith("which does not exist; there is cart-dat")
    assert '"value": "cart-dat"' in found.remedies[1].argv[-1]

"""A quota that is used up."""

from tests.investigation.worlds import event, look, pod, quota, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.quota_exceeded import quota_exceeded

EXCEEDED = (
    'Error creating: pods "cart-7f9c41-" is forbidden: exceeded quota: team, requested: pods=1, '
    "used: pods=10, limited: pods=10"
)
SET = replicaset()
FIRES = scene(SET, event(SET, "FailedCreate", EXCEEDED), quota(hard={"pods": "10"}, used={"pods": "10"}))

QUIET = scene(quota(hard={"pods": "10"}, used={"pods": "9"}))


def test_quotes_what_was_asked_and_used() -> None:
    [found, *_] = look(quota_exceeded, FIRES)
    assert found.summary == "quota team refuses pods=1 for cart: used: pods=10, limited: pods=10"


def test_needs_no_event_to_see_a_full_quota() -> None:
    [found] = look(quota_exceeded, scene(quota(hard={"limits.memory": "2Gi"}, used={"limits.memory": "2048Mi"})))
    assert found.summary == "quota team on limits.memory: 2048Mi of 2Gi used"


def test_forgets_a_refusal_once_the_pods_are_there() -> None:
    made = replicaset()
    made["status"] = {"replicas": 1}
    assert look(quota_exceeded, scene(made, event(made, "FailedCreate", EXCEEDED))) == []


def test_suspects_a_quota_on_storage_when_a_claim_is_missing() -> None:
    waits = pod("cart", node="", unscheduled='0/2 nodes are available: persistentvolumeclaim "data" not found.')
    limited = quota(hard={"requests.storage": "1Gi"}, used={"requests.storage": "0"})
    [found] = look(quota_exceeded, scene(waits, limited))
    assert [str(subject) for subject in found.felt_by] == ["Deployment/shop/cart"]

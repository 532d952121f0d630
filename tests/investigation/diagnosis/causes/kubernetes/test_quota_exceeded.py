"""A quota that is used up."""

from tests.investigation.worlds import deployment, event, look, meta, pod, quota, replicaset, scene, waiting
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
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


def test_allows_what_was_refused_and_can_take_it_back() -> None:
    [found] = look(quota_exceeded, FIRES)
    raised = found.remedies[1]
    assert raised.argv[-1] == '[{"op": "replace", "path": "/spec/hard/pods", "value": "11"}]'
    assert raised.undo
    assert '"value": "10"' in raised.undo.argv[-1]


def test_makes_room_for_every_pod_that_is_lacking() -> None:
    lacks = replicaset(replicas=3)
    full = quota(hard={"pods": "10"}, used={"pods": "10"})
    [found] = look(quota_exceeded, scene(lacks, event(lacks, "FailedCreate", EXCEEDED), full))
    assert '"value": "13"' in found.remedies[1].argv[-1]


def test_needs_no_event_where_a_pod_takes_more_than_is_left() -> None:
    large = [{"name": "app", "resources": {"limits": {"memory": "1Gi"}}}]
    waits = deployment(replicas=2, ready=1, containers=large)
    waits["status"]["replicas"] = 1
    [found] = look(quota_exceeded, scene(waits, quota(hard={"limits.memory": "2Gi"}, used={"limits.memory": "1536Mi"})))
    assert found.summary == "quota team on limits.memory: 1536Mi of 2Gi used"


def test_leaves_a_full_quota_alone_that_nobody_asks_more_of() -> None:
    assert look(quota_exceeded, scene(deployment(), quota(hard={"pods": "1"}, used={"pods": "1"}))) == []


def test_forgets_a_refusal_once_the_pods_are_there() -> None:
    made = replicaset()
    made["status"] = {"replicas": 1}
    assert look(quota_exceeded, scene(made, event(made, "FailedCreate", EXCEEDED))) == []


def test_suspects_a_quota_on_storage_when_a_claim_is_missing() -> None:
    waits = pod("cart", node="", unscheduled='0/2 nodes are available: persistentvolumeclaim "data" not found.')
    limited = quota(hard={"requests.storage": "1Gi"}, used={"requests.storage": "0"})
    [found] = look(quota_exceeded, scene(waits, limited))
    assert [str(subject) for subject in found.felt_by] == ["Deployment/shop/cart"]


WAITS = pod("cart", node="", unscheduled='0/2 nodes are available: persistentvolumeclaim "data" not found.')


def volume(size: str) -> dict[str, object]:
    return meta("PersistentVolume", "disk") | {
        "spec": {"capacity": {"storage": size}},
        "status": {"phase": "Available"},
    }


def test_is_surer_where_a_volume_stands_ready_that_passes_the_quota() -> None:
    limited = quota(hard={"requests.storage": "10Gi"}, used={"requests.storage": "9Gi"})
    first = diagnose(parse_snapshot(scene(WAITS, limited, volume("5Gi")))).hypotheses[0]
    assert first.summary == "quota team on requests.storage: 9Gi of 10Gi used, and volume disk has 5Gi"
    assert first.confidence > 0.9


def test_does_not_suspect_a_quota_that_leaves_room_for_the_volume() -> None:
    limited = quota(hard={"requests.storage": "100Gi"}, used={"requests.storage": "9Gi"})
    assert look(quota_exceeded, scene(WAITS, limited, volume("5Gi"))) == []


def test_suspects_a_full_count_of_objects_where_one_is_missing() -> None:
    starting = pod("cart", waiting("CreateContainerConfigError", 'configmap "settings" not found'))
    full = quota(hard={"count/configmaps": "5"}, used={"count/configmaps": "5"})
    [found] = look(quota_exceeded, scene(starting, full))
    assert found.summary == "quota team on count/configmaps: 5 of 5 used"

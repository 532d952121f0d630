"""What a quota leaves, and who lacks something that it could have refused."""

from fractions import Fraction

from tests.investigation.worlds import deployment, meta, pod, quota, world
from tocsin.investigation.diagnosis.reading.load.bounds import lacking, room, unclaimed
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource


def held(hard: str, used: str) -> Resource:
    document = quota(hard={"limits.memory": hard}, used={"limits.memory": used})
    return Resource(Subject("ResourceQuota", "shop", "team"), "", document)


def test_room_is_what_is_not_used() -> None:
    assert room(held("2Gi", "1536Mi"), "limits.memory") == 512 * 2**20


def test_room_of_another_kind_is_not_known() -> None:
    assert room(held("2Gi", "1Gi"), "pods") is None


def test_who_has_all_its_pods_lacks_nothing() -> None:
    assert list(lacking(world(deployment()), "shop", "pods", Fraction(0))) == []


def test_who_lacks_a_pod_is_named_where_none_is_left() -> None:
    waits = deployment(replicas=2, ready=1)
    waits["status"]["replicas"] = 1
    assert [lack.workload.name for lack in lacking(world(waits), "shop", "count/pods", Fraction(0))] == ["cart"]


def test_a_missing_claim_counts_in_its_own_namespace_only() -> None:
    waits = pod("cart", node="", unscheduled='0/2 nodes are available: persistentvolumeclaim "data" not found.')
    assert list(lacking(world(waits), "other", "requests.storage", Fraction(0))) == []


def test_a_volume_that_is_kept_for_a_claim_is_not_unclaimed() -> None:
    free = meta("PersistentVolume", "free") | {"status": {"phase": "Available"}}
    kept = meta("PersistentVolume", "kept") | {"spec": {"claimRef": {"name": "data"}}, "status": {"phase": "Available"}}
    assert [volume.name for volume in unclaimed(world(free, kept))] == ["free"]

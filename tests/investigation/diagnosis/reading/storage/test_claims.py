"""Claims and volumes as pods use them."""

from datetime import timedelta

from tests.investigation.worlds import Document, claim, meta, node, pod, waiting, world
from tocsin.investigation.diagnosis.reading.storage.claims import (
    claims_of,
    default_class,
    pending,
    provisioner_of,
    tied_to_missing,
    unmounted,
    users_of,
    waited,
    waits_for_consumer,
)
from tocsin.investigation.diagnosis.reference import Subject

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
DATA = Subject("PersistentVolumeClaim", "shop", "data")


def storage_class(mode: str = "Immediate", provisioner: str = "disk.csi.example", **marks: str) -> Document:
    made = meta("StorageClass", "fast") | {"provisioner": provisioner, "volumeBindingMode": mode}
    made["metadata"]["annotations"] = marks
    return made


def test_a_pod_mounts_named_claims_and_its_own() -> None:
    held = world(pod("cart", volumes=[*MOUNTS, {"name": "scratch", "ephemeral": {}}]))
    assert [found.name for found in claims_of(held.pods[0])] == ["data", "cart-7f9c4d-x2x1q-scratch"]


def test_a_pod_that_ended_uses_no_claim() -> None:
    assert list(users_of(world(pod("cart", phase="Succeeded", volumes=MOUNTS)), DATA)) == []


def test_a_claim_that_is_deleted_waits_for_nothing() -> None:
    leaving = claim()
    leaving["metadata"]["deletionTimestamp"] = "2026-03-01T11:00:00Z"
    assert list(pending(world(leaving))) == []


def test_nobody_makes_volumes_of_a_class_without_provisioner() -> None:
    held = world(claim(), storage_class(provisioner="kubernetes.io/no-provisioner"))
    assert provisioner_of(held, next(pending(held))) == ""


def test_the_class_says_whether_a_claim_waits_for_a_pod() -> None:
    for mode, expected in (("Immediate", False), ("WaitForFirstConsumer", True)):
        held = world(claim(), storage_class(mode))
        assert waits_for_consumer(held, next(pending(held))) is expected


def test_the_default_class_is_annotated() -> None:
    marks = {"storageclass.kubernetes.io/is-default-class": "true"}
    assert default_class(world(storage_class(**marks)))
    assert default_class(world(storage_class())) is None


def test_only_a_pod_that_never_started_can_lack_its_volumes() -> None:
    starting, crashed = pod("cart", waiting("ContainerCreating"), phase="Pending"), pod("cart", waiting("CrashLoop"))
    assert [len(list(unmounted(world(held)))) for held in (starting, crashed)] == [1, 0]


def test_a_volume_without_a_host_is_tied_to_no_node() -> None:
    held = world(meta("PersistentVolume", "disk"), node())
    assert not tied_to_missing(held, held.of("PersistentVolume")[0])


def test_what_was_made_a_moment_ago_has_not_waited() -> None:
    held = world(pod("cart"))
    assert waited(held, held.pods[0], timedelta(minutes=1))
    assert not waited(held, held.pods[0], timedelta(minutes=2))

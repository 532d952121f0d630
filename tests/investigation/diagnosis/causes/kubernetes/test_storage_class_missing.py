"""A claim of a storage class that does not exist."""

from tests.investigation.worlds import claim, event, look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.storage_class_missing import storage_class_missing

FIRES = scene(claim(storage_class="fsat"), meta("StorageClass", "fast"))

QUIET = scene(claim(storage_class="fast"), meta("StorageClass", "fast"))


def test_names_the_class() -> None:
    [found, *_] = look(storage_class_missing, FIRES)
    assert found.summary == "claim data asks for storage class fsat, which does not exist; there is fast"


def test_says_nothing_where_classes_were_not_collected() -> None:
    assert look(storage_class_missing, scene(claim(storage_class="fsat"))) == []


def test_knows_that_volumes_made_by_hand_need_no_class() -> None:
    disk = meta("PersistentVolume", "disk") | {"spec": {"storageClassName": "manual"}}
    assert look(storage_class_missing, scene(claim(storage_class="manual"), disk, meta("StorageClass", "fast"))) == []


def test_believes_the_event_of_a_claim_that_was_not_read() -> None:
    absent = event(claim(), "ProvisioningFailed", 'storageclass.storage.k8s.io "fsat" not found')
    [found] = look(storage_class_missing, scene(absent))
    assert found.summary == "claim data asks for storage class fsat, which does not exist"

"""A claim without a storage class, in a cluster without a default one."""

from tests.investigation.worlds import claim, event, look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.no_default_storage_class import no_default_storage_class

BARE = claim()
del BARE["spec"]["storageClassName"]
FAST = meta("StorageClass", "fast") | {"provisioner": "disk.csi.example"}
DEFAULT = meta("StorageClass", "fast") | {"provisioner": "disk.csi.example"}
DEFAULT["metadata"]["annotations"] = {"storageclass.kubernetes.io/is-default-class": "true"}
NONE_SET = "no persistent volumes available for this claim and no storage class is set"
FIRES = scene(BARE, FAST, event(BARE, "FailedBinding", NONE_SET))

QUIET = scene(BARE, DEFAULT)


def test_says_that_there_is_no_default() -> None:
    [found] = look(no_default_storage_class, FIRES)
    assert found.summary == (
        "claim data names no storage class, and the cluster has no default one; no free volume fits it"
    )


def test_makes_the_only_class_the_default() -> None:
    [found] = look(no_default_storage_class, FIRES)
    assert found.remedies[1].argv[2:5] == ("storageclass", "fast", "storageclass.kubernetes.io/is-default-class=true")


def test_believes_the_event_of_a_claim_that_was_not_read() -> None:
    [found] = look(no_default_storage_class, scene(event(BARE, "FailedBinding", NONE_SET)))
    assert found.summary.endswith("names no storage class, and none is the default; no free volume fits it")


def test_a_claim_that_wants_no_class_waits_for_a_volume_made_by_hand() -> None:
    by_hand = claim()
    by_hand["spec"]["storageClassName"] = ""
    [found] = look(no_default_storage_class, scene(by_hand, DEFAULT))
    assert found.summary == "claim data names no storage class, and explicitly none; no free volume fits it"

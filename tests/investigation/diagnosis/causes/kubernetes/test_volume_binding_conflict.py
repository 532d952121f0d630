"""A claim whose volume is kept for another claim, or is not there."""

from tests.investigation.worlds import Document, claim, look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_binding_conflict import volume_binding_conflict


def kept_for(name: str, uid: str = "2") -> Document:
    owner = {"namespace": "shop", "name": name, "uid": uid}
    return meta("PersistentVolume", "disk") | {
        "spec": {"storageClassName": "fast", "accessModes": ["ReadWriteOnce"], "claimRef": owner},
        "status": {"phase": "Released"},
    }


NAMED = claim()
NAMED["spec"]["volumeName"] = "disk"
NEW = claim()
NEW["metadata"]["uid"] = "2"
FIRES = scene(NAMED, kept_for("other"))

QUIET = scene(NEW, kept_for("data", uid="2"))


def test_names_the_claim_that_has_the_volume() -> None:
    [found] = look(volume_binding_conflict, FIRES)
    assert found.summary == "claim data asks for volume disk, which is bound to claim shop/other"


def test_lets_a_new_claim_have_the_volume_of_the_deleted_one() -> None:
    [found] = look(volume_binding_conflict, scene(NEW, kept_for("data", uid="1")))
    assert found.summary == "volume disk is Released for a former claim data, not for the one of today"
    assert '{"op": "remove", "path": "/spec/claimRef/uid"}' in found.remedies[1].argv[-1]


def test_names_a_volume_that_does_not_exist() -> None:
    [found] = look(volume_binding_conflict, scene(NAMED, collected=["PersistentVolume"]))
    assert found.summary == "claim data asks for volume disk by name, which does not exist"


def test_says_that_others_have_every_volume_that_fits() -> None:
    [found] = look(volume_binding_conflict, scene(claim(), kept_for("other")))
    assert found.summary == "every volume that fits claim data is kept for another one: disk for claim shop/other"


def test_leaves_claims_alone_for_which_volumes_are_made() -> None:
    made = meta("StorageClass", "fast") | {"provisioner": "disk.csi.example"}
    assert look(volume_binding_conflict, scene(claim(), kept_for("other"), made)) == []


def test_a_released_volume_does_not_go_back_by_itself() -> None:
    [found] = look(volume_binding_conflict, scene(claim(), kept_for("data", uid="")))
    assert found.summary == "volume disk is Released for a former claim data, not for the one of today"
    assert [command.tier for command in found.remedies] == ["read-only"]

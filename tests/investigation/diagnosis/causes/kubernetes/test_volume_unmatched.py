"""A claim that no volume fits."""

from tests.investigation.worlds import claim, look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_unmatched import volume_unmatched


def volume(**spec: object) -> dict[str, object]:
    held = {"storageClassName": "fast", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "5Gi"}}
    return meta("PersistentVolume", "disk-1") | {"spec": held | spec, "status": {"phase": "Available"}}


FIRES = scene(claim(modes=["ReadWriteMany"]), volume())

QUIET = scene(claim(), volume())


def test_names_the_rule_and_both_sides() -> None:
    [found, *_] = look(volume_unmatched, FIRES)
    assert (
        found.summary
        == 'claim data cannot have volume disk-1: access mode: wants ["ReadWriteMany"], has ["ReadWriteOnce"]'
    )


def test_names_a_volume_that_is_too_small() -> None:
    [found] = look(volume_unmatched, scene(claim(), volume(capacity={"storage": "512Mi"})))
    assert found.summary.endswith("capacity: wants 1Gi, has 512Mi")


def test_gives_the_volume_the_label_that_the_claim_selects() -> None:
    picky = claim()
    picky["spec"]["selector"] = {"matchLabels": {"app": "cart"}}
    [found] = look(volume_unmatched, scene(picky, volume()))
    assert found.remedies[1].argv == ("kubectl", "label", "pv", "disk-1", "app=cart", "--overwrite")
    assert found.remedies[1].undo
    assert found.remedies[1].undo.argv[-2] == "app-"


def test_leaves_claims_alone_for_which_volumes_are_made() -> None:
    made = meta("StorageClass", "fast") | {"provisioner": "disk.csi.example"}
    assert look(volume_unmatched, scene(claim(), volume(storageClassName="old"), made)) == []

"""A claim whose volume nobody makes, because the storage driver does not answer."""

from tests.investigation.worlds import Document, claim, event, look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.provisioner_absent import provisioner_absent

FAST = meta("StorageClass", "fast") | {"provisioner": "disk.csi.example"}
WAITING = (
    "Waiting for a volume to be created either by the external provisioner 'disk.csi.example' or manually by the "
    "system administrator."
)


def since(made_at: str) -> Document:
    made = claim()
    made["metadata"]["creationTimestamp"] = made_at
    return made


OLD, YOUNG = since("2026-03-01T11:30:00Z"), since("2026-03-01T11:58:00Z")
FIRES = scene(OLD, FAST, event(OLD, "ExternalProvisioning", WAITING))

QUIET = scene(YOUNG, FAST, event(YOUNG, "ExternalProvisioning", WAITING))


def test_names_the_driver() -> None:
    [found] = look(provisioner_absent, FIRES)
    assert found.summary == "claim data waits for disk.csi.example to make its volume, which says nothing"


def test_says_that_the_driver_is_not_installed() -> None:
    waits = event(OLD, "ExternalProvisioning", WAITING)
    [found] = look(provisioner_absent, scene(OLD, FAST, waits, meta("CSIDriver", "other.csi.example")))
    assert found.summary.endswith("; no such driver is installed")


def test_leaves_a_driver_alone_that_says_why() -> None:
    told = event(OLD, "ProvisioningFailed", "rpc error: code = ResourceExhausted desc = quota")
    assert look(provisioner_absent, scene(OLD, FAST, event(OLD, "ExternalProvisioning", WAITING), told)) == []

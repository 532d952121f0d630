"""A claim whose volume the storage backend refuses to make."""

from tests.investigation.worlds import claim, event, look, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_provisioning_failed import volume_provisioning_failed

WAITS, BOUND = claim(), claim(phase="Bound")
REFUSED = (
    'failed to provision volume with StorageClass "fast": rpc error: code = ResourceExhausted desc = no space in pool a'
)
FIRES = scene(WAITS, event(WAITS, "ProvisioningFailed", REFUSED))

QUIET = scene(BOUND, event(BOUND, "ProvisioningFailed", REFUSED))


def test_says_what_the_code_means() -> None:
    [found] = look(volume_provisioning_failed, FIRES)
    assert found.summary == (
        "no volume is made for claim data: the backend has no more room, or a quota there is used up: "
        "no space in pool a"
    )


def test_leaves_a_missing_class_to_its_own_cause() -> None:
    absent = event(WAITS, "ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')
    assert look(volume_provisioning_failed, scene(WAITS, absent)) == []


def test_believes_the_event_of_a_claim_that_was_not_read() -> None:
    [found] = look(volume_provisioning_failed, scene(event(WAITS, "ProvisioningFailed", REFUSED)))
    assert str(found.subject) == "PersistentVolumeClaim/shop/data"

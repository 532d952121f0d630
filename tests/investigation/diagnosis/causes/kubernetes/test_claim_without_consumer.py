"""A claim that waits for a pod, as it should."""

from tests.investigation.worlds import claim, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.claim_without_consumer import claim_without_consumer

LATER = meta("StorageClass", "fast") | {"provisioner": "disk.csi.example", "volumeBindingMode": "WaitForFirstConsumer"}
ALERT = {"title": "Claim pending", "labels": {"namespace": "shop", "persistentvolumeclaim": "data"}}
FIRES = scene(claim(), LATER, pod("cart"), alert=ALERT)

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
QUIET = scene(claim(), LATER, pod("cart", node="", volumes=MOUNTS), alert=ALERT)


def test_says_that_it_is_as_it_should_be() -> None:
    [found] = look(claim_without_consumer, FIRES)
    assert found.summary.endswith("waits for a pod that mounts it, and there is none: that is how its class works")


def test_is_quiet_where_nobody_asks() -> None:
    assert look(claim_without_consumer, scene(claim(), LATER, pod("cart"))) == []

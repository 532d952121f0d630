"""A volume that cannot be attached to the node of its pod."""

from tests.investigation.worlds import deployment, event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.volume_attach_failed import volume_attach_failed

STARTING = pod("cart", waiting("ContainerCreating"), phase="Pending")
FAILED = 'AttachVolume.Attach failed for volume "disk" : rpc error: code = NotFound desc = volume disk not found'
FIRES = scene(STARTING, deployment(ready=0), event(STARTING, "FailedAttachVolume", FAILED))

RUNNING = pod("cart")
QUIET = scene(RUNNING, deployment(), event(RUNNING, "FailedAttachVolume", FAILED))


def test_quotes_the_driver() -> None:
    [found] = look(volume_attach_failed, FIRES)
    assert found.summary == (
        "volume disk cannot be attached to worker-1 for cart-7f9c4d-x2x1q: "
        "rpc error: code = NotFound desc = volume disk not found"
    )


def test_believes_the_event_of_a_pod_that_was_not_read() -> None:
    [found] = look(volume_attach_failed, scene(event(STARTING, "FailedAttachVolume", FAILED)))
    assert found.summary.startswith("volume disk cannot be attached to its node for cart-7f9c4d-x2x1q")

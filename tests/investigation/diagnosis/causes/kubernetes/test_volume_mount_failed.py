"""A volume that cannot be mounted where the pod runs."""

from tests.investigation.worlds import deployment, event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.volume_mount_failed import volume_mount_failed

STARTING = pod("cart", waiting("ContainerCreating"), phase="Pending")
NO_DRIVER = (
    'MountVolume.MountDevice failed for volume "disk" : kubernetes.io/csi: attacher.MountDevice failed to create '
    "newCsiDriverClient: driver name disk.csi.example not found in the list of registered CSI drivers"
)
FIRES = scene(STARTING, deployment(ready=0), event(STARTING, "FailedMount", NO_DRIVER))

NO_SETTINGS = 'MountVolume.SetUp failed for volume "settings" : configmap "settings" not found'
QUIET = scene(STARTING, deployment(ready=0), event(STARTING, "FailedMount", NO_SETTINGS))


def test_says_what_it_means() -> None:
    [found] = look(volume_mount_failed, FIRES)
    assert found.summary.startswith(
        "volume disk of cart-7f9c4d-x2x1q cannot be mounted on worker-1: its storage driver does not run on that node: "
    )


def test_prefers_the_exact_message_to_the_waiting() -> None:
    waits = "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[]: timed out waiting"
    both = scene(STARTING, event(STARTING, "FailedMount", NO_DRIVER), event(STARTING, "FailedMount", waits))
    [found] = look(volume_mount_failed, both)
    assert "registered CSI drivers" in found.summary


def test_is_less_sure_of_a_mere_waiting() -> None:
    waits = "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[]: timed out waiting"
    [found] = look(volume_mount_failed, scene(STARTING, event(STARTING, "FailedMount", waits)))
    assert [cite.weight for cite in found.cites] == [1.6]


def test_believes_the_event_of_a_pod_that_was_not_read() -> None:
    [found] = look(volume_mount_failed, scene(event(STARTING, "FailedMount", NO_DRIVER)))
    assert "cannot be mounted on its node: its storage driver does not run on that node" in found.summary

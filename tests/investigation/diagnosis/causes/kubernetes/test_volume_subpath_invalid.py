"""A part of a volume that cannot be mounted."""

from tests.investigation.worlds import look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.volume_subpath_invalid import volume_subpath_invalid

TOLD = 'failed to prepare subPath for volumeMount "conf" of container "app"'
MOUNTS = [{"name": "conf", "mountPath": "/etc/cart.yaml", "subPath": "cart.yaml"}]
FIRES = scene(pod("cart", waiting("CreateContainerConfigError", TOLD, volumeMounts=MOUNTS)))

QUIET = scene(pod("cart", waiting("CreateContainerConfigError", 'configmap "conf" not found', volumeMounts=MOUNTS)))


def test_names_the_volume() -> None:
    [found] = look(volume_subpath_invalid, FIRES)
    assert "volume conf cannot be mounted" in found.summary


def test_a_folder_on_a_file_is_no_missing_command() -> None:
    told = (
        'runc create failed: error mounting "/var/lib/x" to rootfs at "/etc/cart.yaml": not a directory: '
        "Are you trying to mount a directory onto a file (or vice-versa)?"
    )
    [found] = look(volume_subpath_invalid, scene(pod("cart", waiting("RunContainerError", told))))
    assert found.summary.startswith("cart-7f9c4d-x2x1q is not started")

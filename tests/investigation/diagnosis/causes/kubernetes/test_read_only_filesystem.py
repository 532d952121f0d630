"""A program that wants to write where nothing can be written."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.read_only_filesystem import read_only_filesystem

MADE = pod("cart", exited("Error", 1, securityContext={"readOnlyRootFilesystem": True}))
FIRES = scene(MADE, logs=logs(MADE, "open /var/cache/cart/index.db: read-only file system"))

QUIET = scene(MADE, logs=logs(MADE, "open /var/cache/cart/index.db: permission denied"))


def test_mounts_scratch_at_the_folder() -> None:
    [found] = look(read_only_filesystem, FIRES)
    assert found.summary.endswith("cannot write /var/cache/cart/index.db: its root file system is read-only")
    assert '"mountPath": "/var/cache/cart"' in found.remedies[0].argv[-1]


def test_names_a_mount_that_is_read_only() -> None:
    mounts = [{"name": "conf", "mountPath": "/etc/cart"}]
    made = pod("cart", exited("Error", 1, volumeMounts=mounts))
    [found] = look(
        read_only_filesystem,
        scene(made, logs=logs(made, "Error: EROFS: read-only file system, open '/etc/cart/cart.yaml'")),
    )
    assert found.summary.endswith("/etc/cart is mounted read-only")

"""A disk under a volume that fails to read or write."""

from tests.investigation.worlds import claim, event, exited, logs, look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.disk_errors import disk_errors

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
AT = [{"name": "data", "mountPath": "/data"}]
CRASHED = pod("cart", exited("Error", 1, volumeMounts=AT), volumes=MOUNTS)
LINE = 'error: could not read block 7 of "/data/base/1": Input/output error'
FIRES = scene(CRASHED, claim(phase="Bound"), logs=logs(CRASHED, LINE))

QUIET = scene(CRASHED, claim(phase="Bound"), logs=logs(CRASHED, LINE.replace("Input/output error", "invalid page")))


def test_names_the_claim_under_the_path() -> None:
    [found] = look(disk_errors, FIRES)
    assert found.summary.startswith("the volume of claim data fails under cart-7f9c4d-x2x1q: “")


def test_hears_the_kernel_too() -> None:
    said = event(node(), "IOError", "Buffer I/O error on device sdb")
    [found] = look(disk_errors, scene(CRASHED, node(), said, logs=logs(CRASHED, LINE)))
    assert found.summary.endswith("; the kernel of worker-1 says so too")

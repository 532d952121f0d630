"""A volume for one node at a time, which another node has."""

from tests.investigation.worlds import Document, deployment, event, look, node, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.volume_attached_elsewhere import volume_attached_elsewhere

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
HELD = 'Multi-Attach error for volume "disk" Volume is already used by pod(s) cart-7f9c4d-x2x1q'


def starting(made_at: str) -> Document:
    made = pod("cart", waiting("ContainerCreating"), node="worker-2", phase="Pending", volumes=MOUNTS)
    made["metadata"] |= {"name": "cart-7f9c4d-new01", "creationTimestamp": made_at}
    return made


OLD, NEW, JUST_MADE = pod("cart", volumes=MOUNTS), starting("2026-03-01T11:30:00Z"), starting("2026-03-01T11:59:30Z")
FIRES = scene(OLD, NEW, deployment(), event(NEW, "FailedAttachVolume", HELD))

QUIET = scene(OLD, JUST_MADE, deployment(), event(JUST_MADE, "FailedAttachVolume", HELD))


def test_names_the_pod_that_has_the_volume() -> None:
    [found] = look(volume_attached_elsewhere, FIRES)
    assert found.summary == "cart-7f9c4d-new01 waits for volume disk, which cart-7f9c4d-x2x1q on worker-1 has"
    assert '{"type": "Recreate"}' in found.remedies[1].argv[-1]


def test_says_that_the_old_node_is_lost() -> None:
    lost = node("worker-1")
    lost["status"]["conditions"][0]["status"] = "Unknown"
    [found] = look(volume_attached_elsewhere, scene(OLD, NEW, lost, event(NEW, "FailedAttachVolume", HELD)))
    assert found.summary.endswith("; worker-1 is not ready")


def test_believes_the_event_of_a_pod_that_was_not_read() -> None:
    [found] = look(volume_attached_elsewhere, scene(event(NEW, "FailedAttachVolume", HELD)))
    assert found.summary == "cart-7f9c4d-new01 waits for volume disk, which another node has"

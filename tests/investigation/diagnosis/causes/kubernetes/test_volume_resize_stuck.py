"""A claim that was made larger, and whose volume did not follow."""

from tests.investigation.worlds import Document, claim, event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_resize_stuck import volume_resize_stuck

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]


def enlarged(since: str) -> Document:
    made = claim(phase="Bound")
    made["spec"]["resources"]["requests"]["storage"] = "2Gi"
    waits = {"type": "FileSystemResizePending", "status": "True", "lastTransitionTime": since}
    made["status"] |= {"capacity": {"storage": "1Gi"}, "conditions": [waits]}
    return made


FIRES = scene(enlarged("2026-03-01T10:00:00Z"), pod("cart", volumes=MOUNTS))

QUIET = scene(enlarged("2026-03-01T11:58:00Z"), pod("cart", volumes=MOUNTS))


def test_says_that_a_restart_is_due() -> None:
    [found] = look(volume_resize_stuck, FIRES)
    assert found.summary == "claim data asks for 2Gi and has 1Gi: a restart of its pod is due"
    assert "restart" in found.remedies[1].argv


def test_quotes_why_the_backend_refused() -> None:
    larger = enlarged("2026-03-01T11:58:00Z")
    refused = event(larger, "VolumeResizeFailed", "resize volume disk failed: only every 6 hours")
    [found] = look(volume_resize_stuck, scene(larger, refused))
    assert found.summary.endswith("and has 1Gi: resize volume disk failed: only every 6 hours")

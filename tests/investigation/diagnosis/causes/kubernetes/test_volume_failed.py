"""A volume that could not be deleted or made free again."""

from tests.investigation.worlds import look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_failed import volume_failed

FIRES = scene(
    pod(), meta("PersistentVolume", "disk") | {"status": {"phase": "Failed", "message": "still attached to worker-1"}}
)

QUIET = scene(meta("PersistentVolume", "disk") | {"status": {"phase": "Released"}})


def test_quotes_why() -> None:
    [found] = look(volume_failed, FIRES)
    assert found.summary == "volume disk was given back and could not be deleted: still attached to worker-1"

"""A volume with space left, but no inodes."""

from tests.investigation.worlds import Document, claim, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.inodes_exhausted import inodes_exhausted

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]


def measured(**values: float) -> list[Document]:
    labels = {"namespace": "shop", "persistentvolumeclaim": "data"}
    return [
        {"name": f"kubelet_volume_stats_{name}", "value": value, "labels": labels} for name, value in values.items()
    ]


USED_UP = measured(inodes_free=12, inodes=65536, available_bytes=6e8, capacity_bytes=1e9)
FIRES = scene(pod("cart", volumes=MOUNTS), claim(phase="Bound"), metrics=USED_UP)

QUIET = scene(
    pod("cart", volumes=MOUNTS),
    claim(phase="Bound"),
    metrics=measured(inodes_free=30000, inodes=65536, available_bytes=6e8, capacity_bytes=1e9),
)


def test_says_that_space_is_left() -> None:
    [found] = look(inodes_exhausted, FIRES)
    assert found.summary == (
        "the volume of claim data can hold no more files: 0.0% of its inodes are left, though 60% of its space is"
    )

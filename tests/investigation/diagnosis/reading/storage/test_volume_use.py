"""How full the volumes of claims are."""

import pytest

from tests.investigation.worlds import Document, exited, logs, pod, world
from tocsin.investigation.diagnosis.reading.storage.volume_use import fills, written

LABELS = {"namespace": "shop", "persistentvolumeclaim": "data"}
MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
AT = [{"name": "data", "mountPath": "/data"}]


def measured(**values: float) -> list[Document]:
    return [{"name": f"kubelet_volume_stats_{name}", "value": held, "labels": LABELS} for name, held in values.items()]


def claim_of(line: str) -> str | None:
    crashed = pod("cart", exited("Error", 1, volumeMounts=AT), volumes=MOUNTS)
    [found] = written(world(crashed, logs=logs(crashed, f"error: {line}: disk full")), "disk full")
    return found.claim.name if found.claim else None


@pytest.mark.parametrize(
    "values",
    [{"available_bytes": 1e8, "capacity_bytes": 1e9}, {"used_bytes": 9e8, "capacity_bytes": 1e9}],
    ids=["available", "used"],
)
def test_the_share_that_is_left_is_reckoned_from_either(values: dict[str, float]) -> None:
    [held] = fills(world(metrics=measured(**values)))
    assert held.space == pytest.approx(0.1)


def test_what_was_not_measured_is_not_known() -> None:
    [held] = fills(world(metrics=measured(available_bytes=0)))
    assert (held.space, held.inodes) == (None, None)


def test_a_path_says_which_claim_a_line_is_about() -> None:
    assert claim_of("write /data/a") == "data"


def test_a_path_outside_says_that_it_is_none() -> None:
    assert claim_of("write /tmp/a") is None


def test_a_line_without_a_path_is_about_the_only_claim() -> None:
    assert claim_of("write") == "data"

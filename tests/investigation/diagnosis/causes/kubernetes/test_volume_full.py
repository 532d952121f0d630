"""A volume with no space left."""

from tests.investigation.worlds import Document, claim, container, exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_full import volume_full

MOUNTS = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
AT = [{"name": "data", "mountPath": "/var/lib/db"}]
CRASHED = pod("cart", exited("Error", 1, volumeMounts=AT), volumes=MOUNTS)
LINE = "PANIC: could not write to file /var/lib/db/wal/0001: No space left on device"


def measured(available: float) -> list[Document]:
    labels = {"namespace": "shop", "persistentvolumeclaim": "data"}
    values = {"kubelet_volume_stats_available_bytes": available, "kubelet_volume_stats_capacity_bytes": 1e9}
    return [{"name": name, "value": value, "labels": labels} for name, value in values.items()]


FIRES = scene(CRASHED, claim(phase="Bound"), logs=logs(CRASHED, LINE))

QUIET = scene(CRASHED, claim(phase="Bound"), logs=logs(CRASHED, LINE.replace("/var/lib/db", "/tmp")))


def test_names_the_claim_under_the_path() -> None:
    [found] = look(volume_full, FIRES)
    assert found.summary.startswith("the volume of claim data is full, says cart-7f9c4d-x2x1q: “PANIC")


def test_doubles_the_claim() -> None:
    [found] = look(volume_full, FIRES)
    assert '"storage": "2Gi"' in found.remedies[1].argv[-1]


def test_believes_the_kubelet() -> None:
    [found] = look(volume_full, scene(pod("cart", container(), volumes=MOUNTS), metrics=measured(1e6)))
    assert found.summary == "the volume of claim data is full: 0.1% of its space is left"


def test_believes_the_kubelet_more_than_the_log() -> None:
    assert look(volume_full, scene(CRASHED, logs=logs(CRASHED, LINE), metrics=measured(5e8))) == []


def test_reads_the_share_that_is_asked_of_prometheus() -> None:
    about = {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data"}
    share = {"name": "volume_available", "value": 0.01, "unit": "ratio", "about": about}
    [found] = look(volume_full, scene(metrics=[share]))
    assert found.summary == "the volume of claim data is full: 1.0% of its space is left"

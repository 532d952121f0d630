"""Shared memory that is too small for a program."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.shared_memory_exhausted import shared_memory_exhausted

MADE = pod("cart", exited("Error", 1))
FIRES = scene(MADE, logs=logs(MADE, "could not resize shared memory segment: No space left on device"))

QUIET = scene(MADE, logs=logs(MADE, "write /data/carts.db: No space left on device"))


def test_mounts_memory_there() -> None:
    [found] = look(shared_memory_exhausted, FIRES)
    assert "it has the usual 64 MiB" in found.summary
    assert '"medium": "Memory", "sizeLimit": "256Mi"' in found.remedies[0].argv[-1]


def test_knows_the_signal() -> None:
    [found] = look(shared_memory_exhausted, scene(pod("cart", exited("Error", 135))))
    assert "it died by SIGBUS" in found.summary

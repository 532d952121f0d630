"""A program that was stopped by a signal."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.crashed_by_signal import crashed_by_signal

CRASHED = pod("cart", exited("Error", 139))
FIRES = scene(CRASHED, logs=logs(CRASHED, "Segmentation fault (core dumped), fatal"))

QUIET = scene(pod("cart", exited("Error", 143)))


def test_names_the_signal() -> None:
    [found] = look(crashed_by_signal, FIRES)
    assert "dies by SIGSEGV, a memory access that is not allowed (exit code 139), 7 restarts so far" in found.summary

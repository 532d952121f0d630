"""A program that has no more file descriptors or local ports."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.open_files_exhausted import open_files_exhausted

MADE = pod("cart", exited("Error", 1))
FIRES = scene(MADE, logs=logs(MADE, "accept tcp [::]:8080: accept4: too many open files, error"))

QUIET = scene(MADE, logs=logs(MADE, "listen tcp 10.0.0.9:8080: bind: cannot assign requested address"))


def test_says_what_is_used_up() -> None:
    [found] = look(open_files_exhausted, FIRES)
    assert "has no files and connections left to open" in found.summary


def test_knows_local_ports_from_files() -> None:
    line = "dial tcp 10.0.0.9:5432: connect: cannot assign requested address"
    [found] = look(open_files_exhausted, scene(MADE, logs=logs(MADE, line)))
    assert "has no local ports left to open" in found.summary

"""A command that a container may not execute."""

from tests.investigation.worlds import exited, logs, look, pod, scene, waiting
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.command_not_executable import command_not_executable

TOLD = 'runc create failed: unable to start container process: exec: "/start.sh": permission denied: unknown'
FIRES = scene(pod("cart", waiting("RunContainerError", TOLD)))

QUIET = scene(pod("cart", waiting("RunContainerError", TOLD.replace("permission denied", "no such file or directory"))))


def test_names_the_file() -> None:
    [found] = look(command_not_executable, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: /start.sh may not be executed"


def test_a_shell_that_may_not_execute_ranks_before_files_that_may_not_be_read() -> None:
    made = pod("cart", exited("Error", 126))
    told = scene(made, logs=logs(made, "sh: can't execute '/app/start.sh': Permission denied"))
    first, *_ = diagnose(parse_snapshot(told)).hypotheses
    assert (first.cause, first.confidence_label) == ("command-not-executable", "high")

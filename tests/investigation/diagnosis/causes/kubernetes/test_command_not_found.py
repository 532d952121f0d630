"""A command that the image does not have."""

from tests.investigation.worlds import exited, logs, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.command_not_found import command_not_found

TOLD = 'runc create failed: exec: "serv": executable file not found in $PATH: unknown'
FIRES = scene(pod("cart", waiting("RunContainerError", TOLD)))

QUIET = scene(pod("cart", waiting("RunContainerError", "cannot set memory limit")))


def test_names_the_command() -> None:
    [found, *_] = look(command_not_found, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: there is no command serv in its image"


def test_hears_what_a_shell_says() -> None:
    made = pod("cart", exited("Error", 127))
    [found] = look(command_not_found, scene(made, logs=logs(made, "/start.sh: line 3: servd: not found")))
    assert found.summary.endswith("exits with code 127: its shell does not find a command: servd")

"""A program that ends well and is started again and again."""

from tests.investigation.worlds import event, exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.exit_zero_loop import exit_zero_loop

MADE = pod("cart", exited("Completed", 0, command=["cart", "--help"]))
FIRES = scene(MADE, logs=logs(MADE, "Usage: cart [flags]"))

QUIET = scene(MADE, logs=logs(MADE, "CART_URL is required, bye"))


def test_counts_the_restarts() -> None:
    [found] = look(exit_zero_loop, FIRES)
    assert "ends with exit code 0 and is started again, 7 times so far" in found.summary


def test_a_probe_that_stops_it_is_another_matter() -> None:
    killed = event(MADE, "Killing", "Container app failed liveness probe, will be restarted")
    assert look(exit_zero_loop, scene(MADE, killed)) == []

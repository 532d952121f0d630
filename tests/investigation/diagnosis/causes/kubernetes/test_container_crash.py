"""An application ended with an error of its own."""

from tests.investigation.worlds import exited, initial, logs, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.container_crash import container_crash

CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", "fatal: DB_HOST is not set", "bye"))

QUIET = scene(pod("cart", exited("Completed", 0)))


def test_quotes_the_last_words() -> None:
    [found, *_] = look(container_crash, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q exits with code 1, 7 restarts so far: “fatal: DB_HOST is not set”"


def test_leaves_signals_and_init_containers_to_others() -> None:
    assert look(container_crash, scene(pod("cart", exited("Error", 137)))) == []
    prepared = initial(pod("cart", waiting("PodInitializing")), exited("Error", 1, name="migrate"))
    assert look(container_crash, scene(prepared)) == []

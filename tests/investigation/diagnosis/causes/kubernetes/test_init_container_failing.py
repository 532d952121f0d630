"""An init container that ends with an error."""

from tests.investigation.worlds import container, exited, initial, logs, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.init_container_failing import init_container_failing

MADE = initial(pod("cart", waiting("PodInitializing"), phase="Pending"), exited("Error", 2, name="migrate"))
FIRES = scene(MADE, logs=logs(MADE, "error: relation carts is locked", name="migrate"))

DONE = container("migrate", state={"terminated": {"reason": "Completed", "exitCode": 0}})
QUIET = scene(initial(pod("cart", exited("Error", 2)), DONE))


def test_names_the_init_container_and_its_last_words() -> None:
    [found] = look(init_container_failing, FIRES)
    assert found.summary == (
        "init container migrate of cart-7f9c4d-x2x1q exits with code 2, 7 restarts so far: "
        "“error: relation carts is locked”"
    )

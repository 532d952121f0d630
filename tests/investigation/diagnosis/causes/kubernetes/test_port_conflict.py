"""Two programs in one pod that want the same port."""

from tests.investigation.worlds import container, exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.port_conflict import port_conflict

LINE = "listen tcp :8080: bind: address already in use"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: name already in use by another cart"))


def test_quotes_the_line() -> None:
    [found, *_] = look(port_conflict, FIRES)
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q cannot listen on its port: “listen tcp :8080: bind: address already in use”"
    )


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert look(port_conflict, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []


def test_names_the_container_that_declares_the_port() -> None:
    made = pod("cart", exited("Error", 1), container("proxy", ports=[{"containerPort": 8080}]))
    [found] = look(port_conflict, scene(made, logs=logs(made, LINE)))
    assert found.summary.endswith("; proxy in the same pod declares that port")

"""Something that an application calls and does not reach."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.dependency_unreachable import dependency_unreachable

LINE = "dial tcp 10.0.0.9:5432: connect: connection refused"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: order refused"))


def test_quotes_the_line() -> None:
    [found, *_] = look(dependency_unreachable, FIRES)
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q does not reach what it depends on: “dial tcp 10.0.0.9:5432: connect: connection refused”"
    )


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert (
        look(dependency_unreachable, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []
    )

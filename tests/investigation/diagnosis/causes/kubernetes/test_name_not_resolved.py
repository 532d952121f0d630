"""A host name that does not resolve."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.name_not_resolved import name_not_resolved

LINE = "dial tcp: lookup orders on 10.0.0.10:53: no such host"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: no such order"))


def test_quotes_the_line() -> None:
    [doubted, found] = look(name_not_resolved, FIRES)
    assert doubted.against == "dependency-unreachable"
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q cannot resolve a name: “dial tcp: lookup orders on 10.0.0.10:53: no such host”"
    )


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert look(name_not_resolved, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []

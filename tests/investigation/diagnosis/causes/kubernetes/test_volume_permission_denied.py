"""A program that may not read or write its files."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.volume_permission_denied import volume_permission_denied

LINE = "can't open /data/dump.rdb for writing: Permission denied"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: user has no permission"))


def test_quotes_the_line() -> None:
    [found, *_] = look(volume_permission_denied, FIRES)
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q may not use its files: “can't open /data/dump.rdb for writing: Permission denied”"
    )


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert (
        look(volume_permission_denied, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current")))
        == []
    )

"""A certificate that is out of date."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.certificate_expired import certificate_expired

LINE = "x509: certificate has expired or is not yet valid"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: session expired"))


def test_quotes_the_line() -> None:
    [found, *_] = look(certificate_expired, FIRES)
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q meets an expired certificate: “x509: certificate has expired or is not yet valid”"
    )


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert look(certificate_expired, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []

"""A dependency that refuses an application's credentials."""

import pytest

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.credentials_refused import credentials_refused

LINE = 'FATAL: password authentication failed for user "cart"'
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: permission denied for table orders"))


def test_quotes_the_line() -> None:
    [found, *_] = look(credentials_refused, FIRES)
    assert (
        found.summary
        == 'app in cart-7f9c4d-x2x1q is refused by what it depends on: “FATAL: password authentication failed for user "cart"”'
    )


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert look(credentials_refused, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "pymongo.errors.OperationFailure: Authentication failed.",
        "SaslAuthenticationException: Authentication failed: Invalid username or password",
        "ClientError: An error occurred (InvalidClientTokenId) when calling the AssumeRole operation",
    ],
)
def test_knows_how_clients_word_it(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(credentials_refused, scene(crashed, logs=logs(crashed, line)))

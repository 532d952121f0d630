"""An environment variable that a program needs and does not have."""

import pytest

from tests.investigation.worlds import exited, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.variable_missing import variable_missing

LINE = "Environment variable STAGE is not set"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: cart is not set up"))


def test_quotes_the_line() -> None:
    [found, *_] = look(variable_missing, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q lacks a variable: “Environment variable STAGE is not set”"


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert look(variable_missing, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []


def test_names_a_configmap_that_has_it() -> None:
    line = "KeyError: 'CART_DB_URL'"
    conf = meta("ConfigMap", "conf") | {"data": {"CART_DB_URL": "postgres://db"}}
    [found] = look(variable_missing, scene(CRASHED, conf, logs=logs(CRASHED, line)))
    assert found.summary.endswith("; ConfigMap conf has it")


@pytest.mark.parametrize(
    "line",
    [
        "required key DATABASE_URL missing value",
        "KeyError: 'DATABASE_URL'",
    ],
)
def test_knows_how_libraries_word_it(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(variable_missing, scene(crashed, logs=logs(crashed, line)))

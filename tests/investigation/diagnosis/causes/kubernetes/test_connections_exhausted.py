"""A database that takes no more connections."""

import pytest

from tests.investigation.worlds import deployment, exited, logs, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.connections_exhausted import connections_exhausted

CRASHED = pod("cart", exited("Error", 1))
DATABASE = deployment("orders-db", containers=[{"name": "db", "image": "mysql:8"}])
FIRES = scene(CRASHED, DATABASE, logs=logs(CRASHED, "java.sql.SQLException: Too many connections"))

QUIET = scene(CRASHED, DATABASE, logs=logs(CRASHED, "error: too many items in the cart"))


def test_quotes_the_caller() -> None:
    [found, *_] = look(connections_exhausted, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q gets no connection: “java.sql.SQLException: Too many connections”"


def test_blames_the_database_of_that_engine() -> None:
    [found] = look(connections_exhausted, FIRES)
    assert str(found.subject) == "Deployment/shop/orders-db"


def test_several_callers_point_to_the_database_that_is_not_named_after_another_workload() -> None:
    callers = [pod(name, exited("Error", 1)) for name in ("cart", "stock")]
    lines = [logs(caller, "Caused by: SQLException: Too many connections") for caller in callers]
    databases = [deployment(name, containers=[{"name": "db", "image": "percona:8"}]) for name in ("main-db", "auth-db")]
    document = scene(*callers, *databases, deployment("auth"), logs=lines[0] | lines[1])
    assert {str(found.subject) for found in look(connections_exhausted, document)} == {"Deployment/shop/main-db"}


def test_an_empty_pool_is_the_callers_own() -> None:
    said = "HikariPool-1 - Connection is not available, request timed out after 30000ms."
    [found] = look(connections_exhausted, scene(CRASHED, DATABASE, logs=logs(CRASHED, said)))
    assert found.subject.name == "cart"


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.subject.name) == ("connections-exhausted", "orders-db")


@pytest.mark.parametrize(
    "line",
    [
        "ERR max number of clients reached",
        "User app already has more than 'max_user_connections' active connections",
    ],
)
def test_knows_how_databases_word_it(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(connections_exhausted, scene(crashed, logs=logs(crashed, line)))


def test_who_serves_and_only_warns_got_over_it() -> None:
    serves = pod("cart")
    told = logs(serves, "2026-03-01T11:59:00Z WARN error: too many connections, retrying", run="current")
    assert look(connections_exhausted, scene(serves, DATABASE, logs=told)) == []

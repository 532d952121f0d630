"""Something that an application calls and does not reach."""

import pytest

from tests.investigation.worlds import exited, logs, look, pod, scene, statefulset
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


def test_names_the_database_of_which_nothing_is_ready() -> None:
    caller = pod("cart", exited("Error", 1))
    orders = statefulset("orders-db", ready=0)
    orders["spec"]["template"]["spec"]["containers"][0]["image"] = "mysql:8"
    told = logs(caller, "com.mysql.cj.exceptions.CJCommunicationsException: Communications link failure")
    [found] = look(dependency_unreachable, scene(caller, orders, logs=told))
    assert found.subject.name == "orders-db"
    assert "does not reach orders-db, of which nothing is ready" in found.summary


@pytest.mark.parametrize(
    "line",
    [
        "mysqli_sql_exception: Can't connect to MySQL server on 'orders-db:3306' (111)",
        "RedisConnectionException: It was not possible to connect to the redis server(s).",
        "MongoTimeoutException: Timed out after 30000 ms while waiting for a server that matches",
        "kafka: client has run out of available brokers to talk to",
        "pika.exceptions.AMQPConnectionError",
        'Get "http://tax/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
)
def test_knows_how_clients_word_it(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(dependency_unreachable, scene(crashed, logs=logs(crashed, line)))

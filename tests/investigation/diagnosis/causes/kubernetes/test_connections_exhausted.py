"""A database that takes no more connections."""

from tests.investigation.worlds import deployment, exited, logs, look, pod, scene
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

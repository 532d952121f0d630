"""A database that takes no writes."""

from tests.investigation.worlds import deployment, exited, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.database_read_only import database_read_only

TOLD = "running with the --read-only option, refused"
CRASHED = pod("cart", exited("Error", 1))
DATABASE = deployment("orders-db", containers=[{"name": "db", "image": "mysql:8"}])
FIRES = scene(CRASHED, DATABASE, logs=logs(CRASHED, f"MySQL error: {TOLD}"))

QUIET = scene(CRASHED, DATABASE, logs=logs(CRASHED, "error: field is read-only"))


def test_quotes_the_caller() -> None:
    [found, *_] = look(database_read_only, FIRES)
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q cannot write: “MySQL error: running with the --read-only option, refused”"
    )


def test_blames_the_caller_where_the_database_cannot_be_told() -> None:
    [found] = look(database_read_only, scene(CRASHED, logs=logs(CRASHED, f"MySQL error: {TOLD}")))
    assert str(found.subject) == "Deployment/shop/cart"


def test_knows_the_stricter_option_too() -> None:
    told = logs(CRASHED, "MySQL error: running with the --super-read-only option so it cannot execute this statement")
    assert look(database_read_only, scene(CRASHED, DATABASE, logs=told))


def test_who_could_never_be_a_master_complains_of_no_database() -> None:
    told = logs(CRASHED, "error: failed to join, this node is not master-eligible")
    assert look(database_read_only, scene(CRASHED, DATABASE, logs=told)) == []

"""An application that asks for what it depends on at a port where nobody listens."""

from tests.investigation.worlds import Document, deployment, exited, logs, look, meta, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.dependency_port_wrong import dependency_port_wrong

CART = pod("cart", exited("Error", 1, envFrom=[{"secretRef": {"name": "cart-db"}}]))
SECRET = meta("Secret", "cart-db") | {"data": {"DB_PORT": "", "DB_PASSWORD": ""}}
LINES = ("Communications link failure", "Caused by: java.net.ConnectException: Connection refused")
LONG_AGO = "2026-03-01T09:00:00Z"


def database(since: str = LONG_AGO, *, ready: int = 1) -> list[Document]:
    held = pod("orders")
    held["status"]["conditions"] = [{"type": "Ready", "status": "True", "lastTransitionTime": since}]
    return [deployment("orders", ready=ready, containers=[{"name": "db", "image": "mysql:8"}]), held, service("orders")]


FIRES = scene(CART, deployment(ready=0), SECRET, *database(), logs=logs(CART, *LINES))

QUIET = scene(CART, deployment(ready=0), SECRET, *database("2026-03-01T11:59:00Z"), logs=logs(CART, *LINES))


def test_looks_at_the_port_in_the_secret_and_not_at_the_password() -> None:
    [found] = look(dependency_port_wrong, FIRES)
    assert [command.argv[-1] for command in found.remedies[:-1]] == ["jsonpath={.data.DB_PORT}"]


def test_a_port_in_the_log_that_the_service_does_not_offer_is_named() -> None:
    [found] = look(
        dependency_port_wrong,
        scene(
            CART, service("cache", port=6379), logs=logs(CART, "dial tcp cache.shop:6380: connect: connection refused")
        ),
    )
    assert found.summary == "app in cart-7f9c4d-x2x1q asks cache at port 6380, which offers 6379"


def test_a_database_that_is_down_is_not_asked_at_a_wrong_port() -> None:
    document = scene(CART, deployment(ready=0), *database(ready=0), logs=logs(CART, *LINES))
    assert look(dependency_port_wrong, document) == []


def test_several_callers_that_are_refused_speak_against_the_database() -> None:
    stock = pod("stock", exited("Error", 1))
    said = logs(CART, *LINES) | logs(stock, *LINES)
    assert look(dependency_port_wrong, scene(CART, stock, deployment(ready=0), *database(), logs=said)) == []


def test_a_time_out_is_no_refusal() -> None:
    document = scene(CART, deployment(ready=0), *database(), logs=logs(CART, LINES[0], "connect timed out"))
    assert look(dependency_port_wrong, document) == []


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.8) == ("dependency-port-wrong", True)

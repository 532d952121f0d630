"""Messages that pile up because nobody takes them fast enough."""

from tests.investigation.diagnosis.causes.kubernetes.test_network_delay import metric, shop
from tests.investigation.worlds import look
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.queue_lagging import queue_lagging

LAG = metric("kafka_consumer_lag", 90_000.0, 200.0, "cart", unit="messages")
FIRES = shop(LAG)

QUIET = shop(LAG | {"value": 600.0})

STUCK = "2026-03-01T11:59:30Z SerializationException: seek past the record to continue consumption"


def test_tells_how_many_wait() -> None:
    [found] = look(queue_lagging, FIRES)
    assert found.summary == "messages pile up at cart: kafka_consumer_lag is 9e+04 messages, usually 200"


def test_a_message_that_cannot_be_read_is_told_by_the_consumer() -> None:
    [found] = look(queue_lagging, shop(logs={"shop/cart-7f9c4d-x2x1q/app": {"current": STUCK}}))
    assert found.summary.startswith("app in cart-7f9c4d-x2x1q cannot get past a message")


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.8) == ("queue-lagging", True)

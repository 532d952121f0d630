"""A service that is kept down by those who ask it again."""

from tests.investigation.diagnosis.causes.kubernetes.test_network_delay import metric, shop
from tests.investigation.worlds import Document, look
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.retry_storm import retry_storm


def asked(about: str, rate: float, usual: float = 20.0) -> Document:
    return metric("request_rate", rate, usual, about, unit="requests per second")


FAILS = metric("request_error_ratio", 0.7, 0.0, "cart", unit="ratio")
FIRES = shop(asked("cart", 66.0), asked("web", 21.0), FAILS)

QUIET = shop(asked("cart", 66.0), asked("web", 60.0), FAILS)


def test_says_that_the_callers_repeat_themselves() -> None:
    [found] = look(retry_storm, FIRES)
    assert found.summary.startswith(
        "cart is asked 3.3 times as often as usual and fails, while its callers web are asked"
    )


def test_more_requests_that_are_answered_are_no_storm() -> None:
    assert look(retry_storm, shop(asked("cart", 66.0), asked("web", 21.0))) == []


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.85) == ("retry-storm", True)

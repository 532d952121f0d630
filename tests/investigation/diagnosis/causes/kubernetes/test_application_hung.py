"""An application that runs, and does nothing."""

from tests.investigation.diagnosis.causes.kubernetes.test_network_delay import late, metric, shop
from tests.investigation.worlds import look
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.application_hung import application_hung

SILENT = metric("request_rate", 0.1, 40.0, "cart", unit="requests per second")
FAILS = metric("request_error_ratio", 0.6, 0.0, "web", unit="ratio")
FIRES = shop(SILENT, FAILS)

QUIET = shop(SILENT)

DUMP = {"shop/cart-7f9c4d-x2x1q/app": {"current": "2026-03-01T11:59:30Z Found one Java-level deadlock:"}}


def test_names_who_waits_for_it() -> None:
    [found] = look(application_hung, FIRES)
    assert found.summary == (
        "cart is ready and answers nothing: request_rate is 0.1 requests per second, usually 40; web waits for it"
    )


def test_a_deadlock_that_the_process_tells_of_is_one() -> None:
    [found] = look(application_hung, shop(logs=DUMP))
    assert found.subject.name == "cart"


def test_half_the_traffic_is_no_standstill() -> None:
    assert look(application_hung, shop(SILENT | {"value": 20.0}, FAILS, late("web"))) == []


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.85) == ("application-hung", True)

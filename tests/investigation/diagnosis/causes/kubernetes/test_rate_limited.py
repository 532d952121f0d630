"""An application that sends more requests than what it calls will take."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.rate_limited import rate_limited

CRASHED = pod("cart", exited("Error", 1))
LINE = "requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.example.com/v1"
FIRES = scene(CRASHED, logs=logs(CRASHED, LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "error: no route to host; rate limit is 100 requests"))


def test_quotes_what_it_was_told() -> None:
    [found] = look(rate_limited, FIRES)
    assert found.summary.startswith(
        "app in cart-7f9c4d-x2x1q is turned down for asking too often: “requests.exceptions"
    )


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.85) == ("rate-limited", True)

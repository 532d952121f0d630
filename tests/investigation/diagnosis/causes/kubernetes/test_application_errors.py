"""An application that says in its log that it fails."""

from tests.investigation.worlds import exited, logs, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.application_errors import application_errors

WELL = pod("cart")
ERRORS = (
    "2026-03-01T11:58:00Z ERROR order 17 has no price",
    "2026-03-01T11:58:10Z ERROR order 18 has no price",
    "2026-03-01T11:59:00Z ERROR duplicate key in table carts",
    "2026-03-01T11:59:30Z ERROR template cart.html: unexpected end",
)
WORK = tuple(f"2026-03-01T11:58:{second:02}Z INFO served a cart" for second in range(20))
FIRES = scene(WELL, logs=logs(WELL, *ERRORS, run="current"))

QUIET = scene(WELL, logs=logs(WELL, *WORK, *ERRORS, run="current"))


def test_shows_each_kind_of_error_once() -> None:
    [found] = look(application_errors, FIRES)
    assert "unexpected end” and errors of 2 more kinds" in found.summary
    assert [cite.value for cite in found.cites] == list(ERRORS[1:])


def test_an_error_of_what_does_not_serve_counts_among_other_lines() -> None:
    crashed = pod("cart", exited("Error", 1))
    [found] = look(application_errors, scene(crashed, logs=logs(crashed, *WORK, ERRORS[0], run="current")))
    assert "has no price" in found.summary


def test_a_report_of_a_lost_peer_is_an_error() -> None:
    line = "2026-03-01T11:59:00Z neighbor 10.0.0.9 Down"
    [found] = look(application_errors, scene(WELL, logs=logs(WELL, line, run="current")))
    assert "neighbor 10.0.0.9 Down" in found.summary


def test_one_kind_of_error_alone_is_not_believed() -> None:
    report = diagnose(parse_snapshot(scene(WELL, logs=logs(WELL, ERRORS[0], run="current"))))
    assert report.hypotheses[0].confidence < 0.6

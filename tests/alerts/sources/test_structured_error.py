"""Errors that tools tell in JSON."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.structured_error import EXAMPLE, parse

PROBLEM = {
    "type": "https://errors.example/full",
    "title": "Disk full",
    "detail": "12 of 12 GB",
    "status": 507,
    "free": 0,
}


def told(**error: object) -> ParsedAlert:
    [alert] = parse(json.dumps(error).encode()).alerts
    return alert


def test_an_error_is_an_event_known_by_who_reports_it_and_its_code() -> None:
    [alert] = parse(EXAMPLE).alerts
    [again] = parse(changed(EXAMPLE, message="No connection to cart-db within 9 s")).alerts
    assert alert.identity == again.identity == '["cart","DATABASE_UNAVAILABLE",""]'
    assert (alert.is_event, alert.labels["retryable"], alert.labels["status"]) == (True, "true", "503")


def test_problem_details_are_known_by_their_type_and_title() -> None:
    alert = told(**PROBLEM)
    assert (alert.title, alert.description, alert.links["type"]) == ("Disk full", "12 of 12 GB", PROBLEM["type"])
    assert alert.identity == told(**PROBLEM | {"detail": "13 of 13 GB", "instance": "/2"}).identity


def test_a_problem_without_a_type_of_its_own_is_its_status() -> None:
    assert told(type="about:blank", title="Bad Gateway", status=502).identity == '["","502","Bad Gateway"]'


def test_an_error_may_be_wrapped_or_one_of_a_list() -> None:
    assert told(error=PROBLEM).title == "Disk full"
    parsed = parse(json.dumps([PROBLEM, PROBLEM, {"x": 1}]).encode())
    assert (len(parsed.alerts), len(parsed.rejected)) == (1, 1)


@pytest.mark.parametrize("status", [200, "302", "OK", "success"])
def test_a_status_of_success_is_no_error(status: int | str) -> None:
    assert parse(json.dumps({"status": status, "message": "fine"}).encode()).note == f"status {status} is no error"


def test_an_error_without_words_is_refused() -> None:
    with pytest.raises(BadPayload, match="needs a message, a title or a detail"):
        parse(b'{"severity": "high"}')

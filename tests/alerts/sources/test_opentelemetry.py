"""Log records of OpenTelemetry."""

from __future__ import annotations

from typing import Any

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources.opentelemetry import EXAMPLE, parse

RECORD = "resourceLogs.0.scopeLogs.0.logRecords.0"


def record(words: str | None = None, **changes: Any) -> Parsed:
    body = {"body": {"stringValue": words}, "attributes": None} if words else {}
    return parse(changed(EXAMPLE, RECORD, **body, **changes))


def test_an_error_is_an_event_of_its_service() -> None:
    [alert] = parse(EXAMPLE).alerts
    assert (alert.is_event, alert.title, alert.severity) == (True, "no connection to cart-db within 5 s", "ERROR")
    assert alert.identity == '["","cart","shop.cart","TimeoutError"]'
    assert (alert.labels["service"], alert.labels["namespace"]) == ("cart", "shop")
    assert str(alert.starts_at) == "2026-03-01 02:58:11.101000+00:00"


def test_without_a_type_it_is_known_by_its_words_but_for_numbers_and_ids() -> None:
    [one], [two] = (
        record(f"order {order} of user 0x{user} lost").alerts for order, user in (("17", "3fa"), ("4", "b00"))
    )
    assert one.identity == two.identity
    assert "order # of user # lost" in one.identity


def test_the_same_error_many_times_in_a_body_is_one() -> None:
    log = {"severityNumber": 21, "body": {"stringValue": "gone"}}
    assert len(parse(changed(EXAMPLE, "resourceLogs.0.scopeLogs.0", logRecords=[log] * 3)).alerts) == 1


@pytest.mark.parametrize(
    ("number", "word", "count"), [(16, "", 0), (0, "FATAL", 1), (None, "error", 1), (9, "ERROR", 0)]
)
def test_only_errors_and_worse_count(number: int | None, word: str, count: int) -> None:
    assert len(record(severityNumber=number, severityText=word).alerts) == count


def test_a_stack_trace_is_told_and_is_no_label() -> None:
    trace = [{"key": "exception.stacktrace", "value": {"stringValue": "at main"}}]
    [alert] = record(attributes=trace).alerts
    assert alert.description == "at main"
    assert "at main" not in alert.labels.values()


def test_metrics_and_spans_call_nobody() -> None:
    assert parse(b'{"resourceMetrics": []}').note == "metrics are nothing to alert about"


def test_anything_else_is_refused() -> None:
    with pytest.raises(BadPayload, match="neither resourceLogs"):
        parse(b'{"logs": []}')

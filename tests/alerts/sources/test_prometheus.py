"""What Prometheus pushes as to an Alertmanager."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.alerts.parsed import BadPayload, ParsedAlert, as_of
from tocsin.alerts.sources.prometheus import EXAMPLE, parse

END = datetime(2026, 3, 1, 3, 2, 41, 101000, tzinfo=UTC)
ONE = {"labels": {"alertname": "Up"}}


def told(**changes: object) -> ParsedAlert:
    [alert] = parse(json.dumps([json.loads(EXAMPLE)[0] | changes]).encode()).alerts
    return alert


def test_it_fires_until_its_end_and_is_over_when_that_has_passed() -> None:
    alert = told()
    assert as_of(alert, END - timedelta(minutes=4)).firing
    assert not as_of(alert, END).firing


def test_a_resolution_is_the_same_alert_with_an_end_that_has_passed() -> None:
    assert told(endsAt="2026-03-01T02:59:00Z").identity == told().identity


def test_the_order_of_labels_does_not_matter() -> None:
    assert told(labels={"a": "1", "b": "2"}).identity == told(labels={"b": "2", "a": "1"}).identity


def test_without_an_end_or_with_the_year_1_it_fires_on() -> None:
    assert told(endsAt=None).expires_at is None
    assert told(endsAt="0001-01-01T00:00:00Z").expires_at is None


def test_a_bad_alert_takes_no_good_one_with_it() -> None:
    parsed = parse(json.dumps([ONE, {"labels": {}}, {"labels": 3}, ONE | {"startsAt": "soon"}]).encode())
    assert [alert.title for alert in parsed.alerts] == ["Up"]
    assert len(parsed.rejected) == 3


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(BadPayload, match="not a list of alerts"):
        parse(json.dumps(ONE).encode())


def test_an_empty_list_is_a_list() -> None:
    assert parse(b"[]").alerts == ()

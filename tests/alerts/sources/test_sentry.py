"""Sentry's webhooks."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources.sentry import EXAMPLE, parse

EVENT = {
    "issue_id": "4200",
    "title": "TimeoutError",
    "datetime": "2026-03-01T02:58:11.677000Z",
    "level": "error",
    "url": "https://sentry.example/api/0/projects/acme/cart/events/1/",
    "web_url": "https://sentry.example/issues/4200/events/1/",
    "tags": [["environment", "production"], ["server_name", "web-1"]],
    "exception": {"values": [{"type": "TimeoutError", "value": "no connection"}]},
}
METRIC = {
    "id": "4",
    "organization_id": "5",
    "alert_rule": {"id": "7", "name": "Errors"},
    "date_started": "2026-03-01T02:58:11Z",
}


def sent(action: str, **data: object) -> Parsed:
    return parse(json.dumps({"action": action, "data": data}).encode())


@pytest.mark.parametrize(("action", "firing"), [("unresolved", True), ("resolved", False), ("archived", False)])
def test_an_issue_is_known_by_its_id_whatever_happens_to_it(action: str, firing: bool) -> None:
    [first], [then] = parse(EXAMPLE).alerts, parse(changed(EXAMPLE, action=action)).alerts
    assert (then.identity, then.firing) == (first.identity, firing)


def test_that_it_was_assigned_does_not_change_whether_it_goes_on() -> None:
    assert "assigned" in parse(changed(EXAMPLE, action="assigned")).note


def test_an_alert_about_what_happened_to_an_issue_tells_its_status() -> None:
    triggered = changed(EXAMPLE, action="triggered")
    assert parse(triggered).alerts[0].firing
    assert not parse(changed(triggered, "data.issue", status="resolved")).alerts[0].firing


def test_an_event_that_a_rule_tells_of_is_of_its_issue() -> None:
    [alert] = sent("triggered", event=EVENT, triggered_rule="Anything new").alerts
    assert alert.identity == parse(EXAMPLE).alerts[0].identity
    assert (alert.labels["project"], alert.labels["environment"], alert.labels["rule"]) == (
        "cart",
        "production",
        "Anything new",
    )
    assert (alert.description, alert.links) == ("TimeoutError: no connection", {"event": EVENT["web_url"]})


def test_an_error_is_of_its_issue_too() -> None:
    assert sent("created", error=EVENT).alerts[0].identity == parse(EXAMPLE).alerts[0].identity


def test_a_metric_alert_is_known_by_its_rule() -> None:
    [critical], [over] = sent("critical", metric_alert=METRIC).alerts, sent("resolved", metric_alert=METRIC).alerts
    assert (critical.severity, critical.firing, over.firing) == ("critical", True, False)
    assert critical.identity == over.identity


def test_what_the_older_plugin_tells_is_of_its_issue() -> None:
    body = {
        "id": "4200",
        "project": "cart",
        "culprit": "pay",
        "url": "https://sentry.example/4200/",
        "event": {"title": "Bad"},
    }
    [alert] = parse(json.dumps(body).encode()).alerts
    assert (alert.identity, alert.title) == (parse(EXAMPLE).alerts[0].identity, "Bad")


def test_a_comment_calls_nobody() -> None:
    assert sent("created", comment="why?", issue_id=1).note.startswith("“created” of comment")


def test_an_issue_without_an_id_is_refused() -> None:
    with pytest.raises(BadPayload, match="without its id"):
        parse(changed(EXAMPLE, "data.issue", id=None))

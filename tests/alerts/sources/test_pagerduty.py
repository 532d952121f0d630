"""PagerDuty's webhooks."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.pagerduty import EXAMPLE, parse

OLD = {"id": "Q1EXAMPLE", "status": "triggered", "html_url": "https://acme.pagerduty.com/incidents/Q1EXAMPLE"}


def become(event: str, status: str) -> ParsedAlert:
    body = changed(changed(EXAMPLE, "event.data", status=status), "event", event_type=f"incident.{event}")
    [alert] = parse(body).alerts
    return alert


def test_the_incident_is_the_same_whatever_its_status() -> None:
    alerts = [become("triggered", "triggered"), become("acknowledged", "acknowledged"), become("resolved", "resolved")]
    assert [(a.firing, a.acknowledged) for a in alerts] == [(True, False), (True, True), (False, False)]
    assert len({alert.identity for alert in alerts}) == 1


def test_an_event_about_something_else_tells_the_status_too() -> None:
    assert become("priority_updated", "acknowledged").acknowledged


def test_its_priority_is_its_severity_and_else_its_urgency() -> None:
    [alert] = parse(changed(EXAMPLE, "event.data", priority=None)).alerts
    assert (become("triggered", "triggered").severity, alert.severity) == ("P2", "high")


@pytest.mark.parametrize(
    "message",
    [{"type": "incident.acknowledge", "data": {"incident": OLD}}, {"event": "incident.acknowledge", "incident": OLD}],
)
def test_older_versions_are_understood(message: dict[str, object]) -> None:
    [alert] = parse(json.dumps({"messages": [message]}).encode()).alerts
    assert (alert.identity, alert.acknowledged) == (become("triggered", "triggered").identity, True)


def test_events_of_services_and_pings_call_nobody() -> None:
    for kind in ("service.updated", "pagey.ping"):
        assert kind in parse(changed(EXAMPLE, "event", event_type=kind)).note


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(BadPayload, match="with status “odd”"):
        become("escalated", "odd")

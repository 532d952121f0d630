"""incident.io's alert events and webhooks."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources.incident_io import EXAMPLE, parse

INCIDENT = {
    "id": "01X",
    "name": "Cart is slow",
    "permalink": "https://app.incident.example/1",
    "severity": {"name": "Major"},
}


def hooked(kind: str, category: str) -> Parsed:
    incident = INCIDENT | {"incident_status": {"category": category, "name": category}}
    return parse(json.dumps({"event_type": kind, kind: {"incident": incident}}).encode())


def test_an_alert_event_is_resolved_as_the_same() -> None:
    [firing], [over] = parse(EXAMPLE).alerts, parse(changed(EXAMPLE, status="resolved")).alerts
    assert (firing.firing, over.firing, firing.identity, over.identity) == (True, False, "cart-latency", "cart-latency")
    assert (firing.labels["service"], firing.severity) == ("cart", "high")


def test_without_a_key_the_title_is_the_identity() -> None:
    assert parse(changed(EXAMPLE, deduplication_key=None)).alerts[0].identity == '["title","Cart answers slowly"]'


def test_an_incident_ends_with_the_category_of_its_status() -> None:
    [firing] = hooked("public_incident.incident_created_v2", "live").alerts
    [over] = hooked("public_incident.incident_status_updated_v2", "closed").alerts
    assert (firing.firing, over.firing, firing.identity) == (True, False, over.identity)
    assert (firing.severity, firing.links) == ("Major", {"incident": "https://app.incident.example/1"})


def test_other_events_call_nobody() -> None:
    assert "public_follow_up" in hooked("public_follow_up.created_v1", "live").note


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(BadPayload, match="firing or resolved"):
        parse(changed(EXAMPLE, status="odd"))

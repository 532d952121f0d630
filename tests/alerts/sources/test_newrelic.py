"""New Relic's notifications."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.newrelic import EXAMPLE, parse

CLASSIC = {
    "account_id": 1,
    "incident_id": 7,
    "condition_name": "Slow",
    "policy_name": "Shop",
    "severity": "CRITICAL",
    "timestamp": 1772333891000,
    "targets": [{"name": "cart", "labels": {"env": "production"}}],
    "incident_url": "https://alerts.newrelic.example/7",
}


def classic(state: str) -> ParsedAlert:
    [alert] = parse(json.dumps(CLASSIC | {"current_state": state}).encode()).alerts
    return alert


def test_an_issue_is_closed_as_the_same() -> None:
    [firing], [over] = parse(EXAMPLE).alerts, parse(changed(EXAMPLE, state="CLOSED")).alerts
    assert (firing.firing, over.firing, firing.identity) == (True, False, over.identity)
    assert (firing.severity, firing.labels["service"]) == ("CRITICAL", "cart")


def test_the_classic_incident_is_opened_acknowledged_and_closed() -> None:
    alerts = [classic(state) for state in ("open", "acknowledged", "closed")]
    assert [(a.firing, a.acknowledged) for a in alerts] == [(True, False), (True, True), (False, False)]
    assert len({alert.identity for alert in alerts}) == 1


def test_its_labels_come_from_what_it_is_about() -> None:
    labels = classic("open").labels
    assert (labels["environment"], labels["service"], labels["policy"]) == ("production", "cart", "Shop")


def test_of_several_entities_none_is_the_service() -> None:
    [alert] = parse(changed(EXAMPLE, impactedEntities=["a", "b"])).alerts
    assert "service" not in alert.labels


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(BadPayload, match="state “odd” is none of"):
        classic("odd")

"""Grafana, unified and legacy."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources.grafana import EXAMPLE, parse

MATCH = {"metric": "cpu", "value": 97.5, "tags": {"host": "web-1", "chart": "cpu"}}
RULE = {"ruleId": 7, "orgId": 1, "ruleName": "CPU", "ruleUrl": "https://grafana.example/d/1", "message": "busy"}


def legacy(state: str, **more: object) -> Parsed:
    return parse(json.dumps(RULE | {"state": state, "evalMatches": []} | more).encode())


def test_each_alert_has_its_own_state_and_keeps_its_identity() -> None:
    [firing] = parse(EXAMPLE).alerts
    body = changed(EXAMPLE, "alerts.0", status="resolved", endsAt="2026-03-01T03:10:00Z")
    [resolved] = parse(body).alerts
    assert (firing.firing, resolved.firing) == (True, False)
    assert firing.identity == resolved.identity
    assert resolved.ends_at is not None


def test_its_links_lead_to_rule_panel_and_runbook() -> None:
    [alert] = parse(EXAMPLE).alerts
    assert alert.links.keys() == {"graph", "dashboard", "panel", "runbook", "grafana"}


def test_a_rule_without_data_is_called_by_its_own_name() -> None:
    labels = {"alertname": "DatasourceNoData", "rulename": "CPU"}
    [alert] = parse(changed(EXAMPLE, "alerts.0", labels=labels)).alerts
    assert alert.title == "CPU: no data"


def test_a_legacy_rule_is_the_same_whatever_it_measures() -> None:
    [firing], [over] = legacy("alerting", evalMatches=[MATCH]).alerts, legacy("ok").alerts
    assert (firing.identity, firing.firing, over.firing) == (over.identity, True, False)
    assert (firing.labels["node"], firing.description) == ("web-1", "busy\ncpu 97.5")


def test_of_several_series_the_labels_in_common_count() -> None:
    other = MATCH | {"tags": {"host": "web-2", "chart": "cpu"}}
    [alert] = legacy("alerting", evalMatches=[MATCH, other]).alerts
    assert "host" not in alert.labels
    assert alert.labels["chart"] == "cpu"


def test_no_data_fires_and_a_pause_changes_nothing() -> None:
    [alert] = legacy("no_data").alerts
    assert (alert.firing, alert.title) == (True, "CPU: no data")
    assert legacy("paused").alerts == ()
    assert "is paused" in legacy("paused").note


def test_a_rule_is_no_notification() -> None:
    with pytest.raises(BadPayload, match="neither alerts, nor a rule and its state"):
        parse(b'{"title": "CPU", "labels": {}}')

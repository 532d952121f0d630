"""Alarms and messages through Amazon SNS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.cloudwatch import EXAMPLE, parse

ALARM = json.loads(json.loads(EXAMPLE)["Message"])


def message(said: object) -> ParsedAlert:
    [alert] = parse(changed(EXAMPLE, Message=said if isinstance(said, str) else json.dumps(said))).alerts
    return alert


def in_state(state: str, **more: Any) -> ParsedAlert:
    return message(ALARM | {"NewStateValue": state} | more)


def test_an_alarm_fires_and_is_resolved_as_the_same() -> None:
    firing, over = in_state("ALARM"), in_state("OK")
    assert (firing.firing, over.firing, firing.identity) == (True, False, over.identity)
    assert firing.labels["QueueName"] == "orders"


def test_its_time_has_the_zone_that_amazon_writes_without_a_colon() -> None:
    assert str(in_state("ALARM").starts_at) == "2026-03-01 02:58:11.101000+00:00"


def test_what_can_not_be_measured_is_not_known_to_be_well() -> None:
    alert = in_state("INSUFFICIENT_DATA")
    assert (alert.firing, alert.title) == (True, "queue-is-old: insufficient data")


def test_its_link_leads_to_the_console() -> None:
    link = in_state("ALARM").links["alarm"]
    assert link.startswith("https://eu-central-1.console.aws.amazon.com/")
    assert link.endswith("/queue-is-old")


def test_without_an_arn_account_region_and_name_are_its_identity() -> None:
    alert = in_state("ALARM", AlarmArn=None)
    assert alert.identity == '["123456789012","EU (Frankfurt)","queue-is-old"]'


def test_a_dimension_in_which_metrics_differ_is_left_out() -> None:
    metrics = [
        {"MetricStat": {"Metric": {"MetricName": "Errors", "Dimensions": [{"name": "ServiceName", "value": v}, same]}}}
        for v in "ab"
        for same in [{"name": "ClusterName", "value": "eu"}]
    ]
    labels = in_state("ALARM", Trigger={"Metrics": metrics}).labels
    assert labels["cluster"] == "eu"
    assert "service" not in labels


def test_what_eventbridge_tells_is_an_alarm_too() -> None:
    detail = {
        "alarmName": "full",
        "state": {"value": "ALARM", "reason": "over", "timestamp": "2026-03-01T02:58:11.1+0000"},
    }
    arn = "arn:aws:cloudwatch:eu-central-1:1:alarm:full"
    alert = message({"detail-type": "CloudWatch Alarm State Change", "resources": [arn], "detail": detail})
    assert (alert.identity, alert.title, alert.firing, alert.description) == (arn, "full", True, "over")


def test_other_words_are_an_event_of_their_topic() -> None:
    alert = message("Build 7 failed\nsee the log")
    assert (alert.is_event, alert.labels["topic"], alert.description) == (True, "alarms", "Build 7 failed\nsee the log")


def test_without_its_envelope_it_is_refused() -> None:
    with pytest.raises(BadPayload, match="leave “raw message delivery” off"):
        parse(json.dumps(ALARM).encode())


def test_what_is_about_the_subscription_calls_nobody() -> None:
    assert "about the subscription" in parse(changed(EXAMPLE, Type="SubscriptionConfirmation")).note


def test_an_alarm_in_no_known_state_is_refused() -> None:
    with pytest.raises(BadPayload, match="in state “BAD”"):
        in_state("BAD")

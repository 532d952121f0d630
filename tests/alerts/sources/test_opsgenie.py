"""Opsgenie's alert API, as it is called here instead."""

from __future__ import annotations

import json

import pytest

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.opsgenie import EXAMPLE, enveloped, parse


def called(path: str, **body: object) -> ParsedAlert:
    [alert] = parse(enveloped(Arrival({}, path, {}, json.dumps(body).encode()))).alerts
    return alert


def test_creating_fires_with_priority_team_and_details() -> None:
    [alert] = parse(EXAMPLE).alerts
    assert (alert.identity, alert.firing, alert.severity) == ("cart/disk", True, "P2")
    assert (alert.labels["team"], alert.labels["namespace"], alert.labels["disk"]) == ("shop", "shop", "true")


@pytest.mark.parametrize(
    ("path", "firing", "acknowledged"),
    [
        ("/v2/alerts/cart%2Fdisk/close", False, False),
        ("/v2/alerts/cart%2Fdisk/acknowledge", True, True),
        ("/v2/alerts/cart%2Fdisk", False, False),
    ],
)
def test_the_path_says_which_alert_and_what_becomes_of_it(path: str, firing: bool, acknowledged: bool) -> None:
    alert = called(path, note="done")
    assert (alert.identity, alert.firing, alert.acknowledged) == ("cart/disk", firing, acknowledged)


def test_a_request_without_a_body_is_enough_to_close() -> None:
    assert b'"close"' in enveloped(Arrival({}, "/v2/alerts/a/close", {}, b""))


def test_creating_needs_no_path() -> None:
    assert enveloped(Arrival({}, "/v2/alerts", {}, EXAMPLE)) == EXAMPLE


def test_without_an_alias_the_message_is_the_identity() -> None:
    assert called("/v2/alerts", message="Down").identity == "Down"


def test_a_note_does_not_change_whether_it_goes_on() -> None:
    assert "notes" in parse(enveloped(Arrival({}, "/v2/alerts/a/notes", {}, b"{}"))).note


def test_what_opsgenie_itself_sends_is_understood() -> None:
    alert = called("", action="Acknowledge", alert={"alias": "a", "message": "Down", "tags": ["env:prod"]})
    assert (alert.identity, alert.acknowledged, alert.title) == ("a", True, "")


def test_an_alert_without_a_message_is_refused_as_there() -> None:
    with pytest.raises(BadPayload, match="'message' can not be empty"):
        parse(b'{"alias": "a"}')

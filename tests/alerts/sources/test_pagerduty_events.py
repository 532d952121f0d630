"""PagerDuty's Events API, as it is sent here instead."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources.pagerduty_events import EXAMPLE, enveloped, parse


def sent(**event: object) -> Parsed:
    return parse(json.dumps(event).encode())


def arrived(path: str, **event: object) -> Arrival:
    return Arrival({}, path, {}, json.dumps(event).encode())


def test_a_trigger_says_all_and_what_follows_only_how_it_stands() -> None:
    [firing] = parse(EXAMPLE).alerts
    [taken] = sent(event_action="acknowledge", dedup_key="cart/disk").alerts
    [over] = sent(event_action="resolve", dedup_key="cart/disk").alerts
    assert firing.identity == taken.identity == over.identity == "cart/disk"
    assert [(a.title != "", a.firing, a.acknowledged) for a in (firing, taken, over)] == [
        (True, True, False),
        (False, True, True),
        (False, False, False),
    ]


def test_its_links_labels_and_severity_are_kept() -> None:
    [alert] = parse(EXAMPLE).alerts
    assert alert.links == {"client": "https://watch.example/cart-db", "Runbook": "https://runbooks.example/disk"}
    assert (alert.labels["class"], alert.labels["namespace"], alert.severity) == ("disk", "shop", "critical")


def test_the_labels_in_the_text_of_an_alertmanager_are_labels() -> None:
    listed = "Labels:\n - namespace = shop\n - pod = {}\nAnnotations:\n - summary = Down\nSource: http://p.example/\n"
    body = changed(
        EXAMPLE, "payload", custom_details={"firing": listed.format("a") + listed.format("b"), "num_firing": "2"}
    )
    [alert] = parse(body).alerts
    assert (alert.labels["namespace"], alert.labels["num_firing"]) == ("shop", "2")
    assert alert.labels.keys().isdisjoint({"pod", "summary", "firing"})
    assert alert.description.startswith("Labels:")


def test_without_a_key_it_is_known_by_what_it_is_about() -> None:
    keyless = changed(EXAMPLE, dedup_key=None)
    [alert], [again] = parse(keyless).alerts, parse(changed(keyless, client="other")).alerts
    assert alert.identity == again.identity != "cart/disk"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"event_action": "shout"}, "'event_action' is missing or is not one of"),
        ({"event_action": "trigger"}, "'payload' is missing or blank"),
        ({"event_action": "resolve"}, "'dedup_key' is missing or blank"),
        (
            {"event_action": "trigger", "payload": {"summary": " ", "source": "a", "severity": "x"}},
            "summary.*; .*severity",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_pagerduty(event: dict[str, object], why: str) -> None:
    with pytest.raises(BadPayload, match=why):
        sent(**event)


def test_version_1_is_understood() -> None:
    [alert] = sent(
        service_key="k", event_type="trigger", incident_key="a", description="Down", details={"pod": "p-1"}
    ).alerts
    assert (alert.identity, alert.title, alert.labels["pod"]) == ("a", "Down", "p-1")


def test_the_key_that_stands_for_the_address_is_not_kept() -> None:
    assert (
        enveloped(arrived("/v2/enqueue", routing_key="R" * 32, event_action="trigger")) == b'{"event_action":"trigger"}'
    )


def test_a_change_calls_nobody() -> None:
    body = enveloped(arrived("/v2/change/enqueue", payload={"summary": "Deployed"}))
    assert parse(body).note == "a change event is nothing to alert about"


def test_what_is_no_json_is_left_for_the_parser_to_refuse() -> None:
    assert enveloped(Arrival({}, "/v2/enqueue", {}, b"{")) == b"{"

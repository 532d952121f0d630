"""Alertmanager's version 4 webhook."""

from __future__ import annotations

import msgspec
import pytest

from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.sources.alertmanager import EXAMPLE, parse


def example(**changes: object) -> bytes:
    body = msgspec.json.decode(EXAMPLE)
    body["alerts"] = [body["alerts"][0] | changes]
    return msgspec.json.encode(body)


def test_each_alert_has_its_own_state_and_fingerprint() -> None:
    first, second = parse(EXAMPLE).alerts
    assert (first.firing, second.firing) == (True, False)
    assert (first.identity, second.identity) == ("d1a38c9f2f6f4f0a", "0b7c2d1e99aa4411")
    assert second.ends_at is not None


def test_links_are_kept_and_only_web_addresses() -> None:
    [alert] = parse(example(generatorURL="javascript:alert(1)")).alerts
    assert alert.links == {
        "runbook": "https://runbooks.example/crashlooping",
        "alertmanager": "http://alertmanager.example:9093",
    }


def test_without_a_fingerprint_the_labels_are_the_identity() -> None:
    [alert] = parse(example(fingerprint="", labels={"b": "2", "a": "1"})).alerts
    assert alert.identity == '{"a":"1","b":"2"}'


def test_nul_in_a_label_is_replaced() -> None:
    [alert] = parse(example(labels={"alertname": "A\x00B"})).alerts
    assert alert.title == "A\N{REPLACEMENT CHARACTER}B"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": "pending"}, "alert status “pending”"),
        ({"startsAt": "yesterday"}, "“yesterday” is not an RFC 3339 time"),
        ({"startsAt": "2026-03-01T00:00:00"}, "has no time zone"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, str], why: str) -> None:
    with pytest.raises(BadPayload, match=why):
        parse(example(**changes))


def test_another_version_is_refused() -> None:
    with pytest.raises(BadPayload, match="version 2: 4 is understood, and 3"):
        parse(b'{"version": "2", "alerts": []}')


def test_version_3_is_understood_and_knows_alerts_by_their_labels() -> None:
    body = msgspec.json.decode(example(fingerprint="")) | {"version": "3", "groupKey": 7}
    [alert] = parse(msgspec.json.encode(body)).alerts
    assert alert.identity.startswith('{"alertname":"KubePodCrashLooping"')

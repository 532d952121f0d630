"""CloudEvents in all their modes."""

from __future__ import annotations

import base64
import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.cloudevents import EXAMPLE, enveloped, parse

HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "3f0a",
    "ce-type": "example.backup.failed",
    "ce-source": "/backups/eu",
    "ce-subject": "cart%2Ddb",
    "content-type": "application/json",
}


def told(**changes: object) -> ParsedAlert:
    [alert] = parse(changed(EXAMPLE, **changes)).alerts
    return alert


def test_it_is_known_by_source_subject_and_what_its_type_is_about() -> None:
    over = told(type="example.backup.succeeded", data=None, id="other")
    assert (told().firing, over.firing) == (True, False)
    assert told().identity == over.identity == '["/backups/eu","example.backup","cart-db"]'


def test_a_status_in_its_data_says_more_than_its_type() -> None:
    assert not told(data={"status": "Resolved"}).firing


def test_a_status_that_is_no_state_says_nothing_against_its_type() -> None:
    assert not told(type="example.backup.succeeded", data={"status": 200}).firing


def test_a_version_at_the_end_of_its_type_is_no_state() -> None:
    assert told(type="example.backup.failed.v1").identity == told().identity


def test_its_data_and_extensions_are_labels_and_links() -> None:
    alert = told(team="shop")
    assert (alert.labels["namespace"], alert.labels["team"], alert.severity) == ("shop", "shop", "high")
    assert (alert.links, alert.description) == ({"event": "https://backups.example/3f0a"}, "no space left")


def test_a_batch_is_as_many_alerts_and_a_bad_one_spoils_no_other() -> None:
    event = json.loads(EXAMPLE)
    parsed = parse(json.dumps([event, event | {"source": "/backups/us"}, 3]).encode())
    assert len(parsed.alerts) == 2
    assert parsed.rejected == ("alert 3: not a CloudEvent: it needs specversion, type and source",)


@pytest.mark.parametrize("body", [b'{"message": "no space left"}', b"no space left"])
def test_binary_mode_becomes_structured(body: bytes) -> None:
    [alert] = parse(enveloped(Arrival(HEADERS, "", {}, body))).alerts
    assert (alert.identity, alert.description) == (told().identity, "no space left")


def test_bytes_that_are_no_text_are_kept_in_base64() -> None:
    event = json.loads(enveloped(Arrival(HEADERS, "", {}, b"\xff\x00")))
    assert base64.b64decode(event["data_base64"]) == b"\xff\x00"


def test_structured_mode_is_left_as_it_is() -> None:
    assert enveloped(Arrival({}, "", {}, EXAMPLE)) == EXAMPLE


def test_json_in_base64_is_read() -> None:
    alert = told(data=None, data_base64=base64.b64encode(b'{"severity": "low"}').decode())
    assert alert.severity == "low"


def test_what_lacks_its_attributes_is_refused() -> None:
    with pytest.raises(BadPayload, match="needs specversion, type and source"):
        told(source=None)

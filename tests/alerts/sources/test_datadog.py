"""Datadog's webhooks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.datadog import EXAMPLE, TEMPLATE, parse


def told(**changes: object) -> ParsedAlert:
    [alert] = parse(changed(EXAMPLE, **changes)).alerts
    return alert


def by_default(title: str) -> ParsedAlert:
    """What the payload tells that Datadog has by itself."""
    [alert] = parse(
        json.dumps({"title": title, "body": "words", "event_type": "x", "date": 1772333891000}).encode()
    ).alerts
    return alert


@pytest.mark.parametrize("transition", ["Triggered", "Re-Triggered", "Warn", "No Data", "Renotify"])
def test_what_is_not_recovered_fires(transition: str) -> None:
    assert told(transition=transition).firing


def test_it_recovers_as_the_same_alert_whatever_its_title_says() -> None:
    over = told(transition="Recovered", title="[Recovered on {…}] Cart answers slowly")
    assert (over.firing, over.identity) == (False, told().identity)


def test_its_tags_name_what_it_is_about_in_our_words() -> None:
    labels = told().labels
    assert (labels["namespace"], labels["service"], labels["environment"]) == ("shop", "cart", "production")


def test_a_host_is_a_node_only_where_nothing_else_is_named() -> None:
    assert told(host="web-1", scope="host:web-1", tags="").labels["node"] == "web-1"
    assert "node" not in told(host="web-1").labels


def test_the_groups_of_a_monitor_are_alerts_of_their_own_in_any_order() -> None:
    a, same, b = (told(scope=scope).identity for scope in ("host:a,env:x", "env:x, host:a", "host:b,env:x"))
    assert a == same != b


def test_the_default_payload_tells_its_state_in_the_title() -> None:
    firing, over = by_default("[P2] [Triggered on {host:a}] Disk"), by_default("[P2] [Recovered on {host:a}] Disk")
    assert (firing.title, firing.firing, over.firing) == ("Disk", True, False)
    assert firing.identity == over.identity


def test_what_is_muted_changes_nothing() -> None:
    parsed = parse(changed(EXAMPLE, transition="Muted"))
    assert (parsed.alerts, parsed.note) == ((), "“Muted” is nothing to alert about")


def test_a_template_that_nobody_filled_in_is_refused() -> None:
    with pytest.raises(BadPayload, match="it has no title"):
        parse(TEMPLATE.encode())


def test_the_example_is_the_template_filled_in_and_the_page_shows_it() -> None:
    assert json.loads(TEMPLATE).keys() == json.loads(EXAMPLE).keys()
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
    assert TEMPLATE in re.findall(r"```json\n(.*?)\n```", page, re.DOTALL)

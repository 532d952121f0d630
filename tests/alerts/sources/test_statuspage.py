"""Status pages of vendors."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.alerts.sources.statuspage import EXAMPLE, parse


def component(status: str) -> ParsedAlert:
    changed_to = {"id": "c1", "name": "Payments", "status": status}
    body = {"page": {"id": "p1"}, "component": changed_to, "component_update": {"created_at": "2026-03-01T02:58:11Z"}}
    [alert] = parse(json.dumps(body).encode()).alerts
    return alert


def test_an_incident_is_resolved_as_the_same() -> None:
    [firing], [over] = parse(EXAMPLE).alerts, parse(changed(EXAMPLE, "incident", status="resolved")).alerts
    assert (firing.firing, over.firing, firing.identity) == (True, False, over.identity)
    assert (firing.severity, firing.description) == ("major", "We are looking into it.")


def test_a_component_fires_until_it_is_operational() -> None:
    down, up = component("major_outage"), component("operational")
    assert (down.title, down.firing, up.firing, down.identity) == ("Payments: major outage", True, False, up.identity)


@pytest.mark.parametrize(
    "planned", [{"status": "scheduled"}, {"impact": "maintenance"}, {"scheduled_for": "2026-03-02T00:00:00Z"}]
)
def test_planned_maintenance_calls_nobody(planned: dict[str, str]) -> None:
    assert "planned maintenance" in parse(changed(EXAMPLE, "incident", **planned)).note


def test_what_is_of_neither_is_refused() -> None:
    with pytest.raises(BadPayload, match="neither an incident nor a component"):
        parse(changed(EXAMPLE, "incident", name=None))

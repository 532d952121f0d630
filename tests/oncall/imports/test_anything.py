"""Exports with something in them that should not be there: understood, or refused with a reason."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oncall.imports import test_grafana_oncall as grafana
from tests.oncall.imports import test_opsgenie as opsgenie
from tests.oncall.imports import test_pagerduty as pagerduty
from tests.oncall.schedules import utc
from tocsin.oncall.imports.comparing import differences
from tocsin.oncall.imports.found import BadExport, CantBeMade, Document
from tocsin.oncall.imports.grafana_oncall import read as read_grafana
from tocsin.oncall.imports.opsgenie import read as read_opsgenie
from tocsin.oncall.imports.pagerduty import read as read_pagerduty
from tocsin.oncall.imports.turns import stretch
from tocsin.oncall.schedule import Schedule

NOW = utc(3, 3)
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        "\x00",
        "\ud800",
        0,
        -1,
        1,
        24,
        60,
        86400,
        2**40,
        2**70,
        1.5,
        True,
        [],
        {},
        [None],
        "S1",
        "U1",
        "Europe/Berlin",
    ]
) | st.sampled_from(
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59", "2026-03-04T09:00:00", "24:00:00"]
)

_entry = {"start": "2026-03-04T09:00:00Z", "end": "2026-03-05T09:00:00Z", "user": {"id": "U3"}}
_hours = {"start_time_of_day": "09:00:00", "duration_seconds": 3600, "start_day_of_week": 2}
_limits = {"type": "time-of-day", "restriction": {"startHour": 9, "startMin": 0, "endHour": 17, "endMin": 0}}
PAGERDUTY = {
    "users": pagerduty.USERS,
    "schedule": pagerduty.schedule(
        pagerduty.layer(restrictions=[_hours]),
        final_schedule={"rendered_schedule_entries": [_entry]},
        overrides_subschedule={"rendered_schedule_entries": [_entry]},
    ),
    "escalation_policy": pagerduty.policy({"id": "S1", "type": "schedule_reference"}),
    "services": [{"id": "K", "name": "Kettle", "escalation_policy": {"id": "E1"}}],
}
OPSGENIE = {
    "users": [document.content for document in opsgenie.USERS],
    "schedules": {
        "schedule": opsgenie.schedule(opsgenie.rotation(timeRestriction=_limits)),
        "scheduleOverrideList": [opsgenie.override("otto")],
    },
    "escalations": {"id": "E1", "name": "Tea", "rules": [opsgenie.rule(0, "schedule")], "repeat": {"count": 1}},
    "teams": {
        "team": {"id": "T1", "name": "Kitchen"},
        "teamRoutingRules": [{"isDefault": True, "order": 0, "notify": {"type": "escalation", "name": "Tea"}}],
    },
}
GRAFANA = {
    "users": grafana.USERS,
    "schedules": [{"id": "S1", "name": "Tea", "type": "web", "time_zone": "Europe/Berlin", "shifts": ["F1", "F2"]}],
    "on_call_shifts": [
        grafana.shift(by_day=["MO"], duration=3600, until="2026-05-03T09:00:00", rotation_start="2026-03-02T09:00:00"),
        {"id": "F2", "type": "override", "start": "2026-03-04T09:00:00", "duration": 3600, "users": ["U2"]},
        grafana.shift(id="F3", frequency="monthly", duration=30 * grafana.DAY, by_monthday=[2]),
    ],
    "integrations": [{"id": "C1", "name": "Kettle", "default_route": {"id": "R1", "escalation_chain_id": "E1"}}],
    "routes": [{"id": "R1", "integration_id": "C1", "is_the_last_route": True}],
}


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a document."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from places(each, (*path, key))


def changed(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A document with something else at one place."""
    made = copy.deepcopy(content)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


EXPORTS = {
    "pagerduty": (read_pagerduty, PAGERDUTY),
    "opsgenie": (read_opsgenie, OPSGENIE),
    "grafana": (read_grafana, GRAFANA),
}


@pytest.mark.parametrize("product", EXPORTS)
@given(data=st.data())
def test_an_odd_value_is_understood_or_refused(product: str, data: st.DataObject) -> None:
    read, export = EXPORTS[product]
    content = changed(export, data.draw(st.sampled_from(list(places(export)))), data.draw(ODD))
    files = content if product == "opsgenie" else {"all": content}
    with suppress(BadExport):
        for schedule in read([Document(f"{name}.json", each) for name, each in files.items()], NOW).schedules:
            differences(Schedule(schedule.layers, overrides=schedule.overrides), schedule.entries, NOW)


def test_hours_of_no_length_are_refused_rather_than_always() -> None:
    with pytest.raises(CantBeMade):
        list(stretch(utc(3, 3).time(), utc(3, 3) - utc(3, 3)))

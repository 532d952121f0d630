"""Answers of PagerDuty's API, made up."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from tests.oncall.schedules import utc, wall
from tocsin.oncall.clock import Span
from tocsin.oncall.escalation import Policy, Step, Target, To
from tocsin.oncall.imports.found import BadExport, Document, Entry, Found, FoundChoice, Person
from tocsin.oncall.imports.pagerduty import read
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Layer, Restriction

NOW = utc(3, 3)
USERS = [
    {"id": f"U{number}", "email": f"{name}@tea.example"} for number, name in enumerate(("mina", "noor", "otto"), 1)
]
WEEK, ZONE = 604800, "Europe/Berlin"


def layer(**values: Any) -> dict[str, Any]:
    """A weekly layer of mina and noor, from 2 March at nine."""
    begin = "2026-03-02T09:00:00+01:00"
    weekly = {"name": "Layer 1", "start": begin, "rotation_virtual_start": begin, "rotation_turn_length_seconds": WEEK}
    return (
        weekly | {"end": None, "users": [{"user": {"id": "U1"}}, {"user": {"id": "U2"}}], "restrictions": []} | values
    )


def schedule(*layers: dict[str, Any], **values: Any) -> dict[str, Any]:
    plan = {"id": "S1", "name": "Tea", "time_zone": ZONE, "description": None, "schedule_layers": list(layers)}
    return plan | values


def found(**lists: Any) -> Found:
    return read([Document("answers.json", {"users": USERS, **lists})], NOW)


def why(*layers: dict[str, Any], **values: Any) -> str:
    """Why a schedule can't be made."""
    [problem] = found(schedules=[schedule(*layers, **values)]).problems
    assert problem.what == "schedule Tea"
    return problem.why


def test_people_go_by_their_address() -> None:
    assert found().people[0] == Person("U1", "", "mina@tea.example")


def test_seconds_become_weeks_of_the_clock_on_the_wall() -> None:
    [made] = found(schedules=[schedule(layer())]).schedules
    turns = Rotation((("U1",), ("U2",)), wall("2026-03-02 09:00"), ZONE, Unit.WEEKS, 1)
    assert (made.name, made.zone, made.layers) == ("Tea", ZONE, (Layer("Layer 1", turns),))


def test_a_service_names_the_policy_that_counts_for_it() -> None:
    chosen = {"id": "K", "name": "Kettle", "escalation_policy": {"id": "E1", "type": "escalation_policy_reference"}}
    assert found(services=[chosen, {"id": "L", "name": "Lamp"}]).choices == (FoundChoice("E1", "Kettle"),)


def test_the_first_layer_wins_so_it_comes_last() -> None:
    [made] = found(schedules=[schedule(layer(name="Top"), layer(name="Bottom"))]).schedules
    assert [each.name for each in made.layers] == ["Bottom", "Top"]


def test_a_layer_begins_with_the_turn_that_it_had_then() -> None:
    [made] = found(schedules=[schedule(layer(rotation_virtual_start="2026-02-23T09:00:00+01:00"))]).schedules
    assert made.layers[0].rotation.turns == (("U2",), ("U1",))
    assert made.layers[0].rotation.start == wall("2026-03-02 09:00")


def test_restrictions_become_hours_of_weekdays() -> None:
    limits = [
        {"type": "daily_restriction", "start_time_of_day": "22:00:00", "duration_seconds": 28800},
        {
            "type": "weekly_restriction",
            "start_day_of_week": 6,
            "start_time_of_day": "09:00:00",
            "duration_seconds": 86400,
        },
    ]
    [made] = found(schedules=[schedule(layer(restrictions=limits))]).schedules
    assert made.layers[0].restrictions == (
        Restriction(frozenset(range(7)), time(22), time(6)),
        Restriction(frozenset({5}), time(9), time(9)),
    )


def test_a_layer_that_is_over_is_left_out() -> None:
    over = layer(end="2026-03-03T09:00:00+01:00")
    [made] = found(schedules=[schedule(over, layer(end="2026-04-06T09:00:00+02:00"))]).schedules
    assert [each.ends for each in made.layers] == [wall("2026-04-06 09:00")]
    assert why(over) == "all of its layers are over"


def test_turns_of_hours_are_made_and_noted() -> None:
    said = found(schedules=[schedule(layer(rotation_turn_length_seconds=43200))])
    assert said.schedules[0].layers[0].rotation.unit is Unit.HOURS
    assert "turns of hours follow the clock on the wall" in said.notes[0]


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"rotation_turn_length_seconds": 5400}, "turns of 1:30:00 are no whole number of hours"),
        ({"users": []}, "nobody is in the layer"),
        ({"users": [{"user": {"id": "U9"}}]}, "names the user U9, not in the export"),
    ],
)
def test_what_can_not_be_said_here_is_told(values: dict[str, Any], because: str) -> None:
    assert because in why(layer(**values))


def test_a_zone_that_there_is_not_is_told() -> None:
    assert "“Moon” is no time zone" in why(layer(), time_zone="Moon")


def test_a_list_has_no_layers_and_the_schedule_itself_has() -> None:
    brief = schedule()
    del brief["schedule_layers"]
    assert "fetch /schedules/S1" in why(schedule_layers=None)
    [made] = read(
        [Document("a", {"users": USERS, "schedule": schedule(layer())}), Document("b", {"schedules": [brief]})], NOW
    ).schedules
    assert made.layers


def test_the_final_schedule_is_kept_for_comparison() -> None:
    entry = {"start": "2026-03-04T09:00:00Z", "end": "2026-03-05T09:00:00Z", "user": {"id": "U3"}}
    rendered = {"rendered_schedule_entries": [entry]}
    [made] = found(schedules=[schedule(layer(), final_schedule=rendered, overrides_subschedule=rendered)]).schedules
    assert made.entries == (Entry("U3", Span(utc(3, 4, 9), utc(3, 5, 9))),)
    assert [(each.person, each.span) for each in made.overrides] == [("U3", made.entries[0].span)]


def policy(*targets: dict[str, str]) -> dict[str, Any]:
    return {
        "id": "P1",
        "name": "Tea first",
        "num_loops": 2,
        "escalation_rules": [{"escalation_delay_in_minutes": 15, "targets": list(targets)}],
    }


def test_a_policy_calls_schedules_and_people() -> None:
    targets = ({"id": "S1", "type": "schedule_reference"}, {"id": "U3", "type": "user_reference"})
    said = found(schedules=[schedule(layer())], escalation_policies=[policy(*targets)])
    step = Step((Target(To.SCHEDULE, "S1"), Target(To.PERSON, "U3")), 15)
    assert said.policies[0].policy == Policy((step,), rounds=3)


def test_a_policy_that_calls_what_is_not_there_is_told() -> None:
    [problem] = found(escalation_policies=[policy({"id": "S7", "type": "schedule_reference"})]).problems
    assert "names the schedule S7" in problem.why


def test_services_come_with_their_team() -> None:
    kettle = {
        "id": "K",
        "name": "Kettle",
        "html_url": "https://tea.example/K",
        "teams": [{"id": "T", "summary": "Hot water"}],
    }
    catalogue = found(services=[kettle]).services
    assert [(each.slug, each.owner) for each in catalogue.services] == [("kettle", "hot-water")]
    assert [each.name for each in catalogue.teams] == ["Hot water"]


def test_a_page_of_an_answer_is_noted() -> None:
    assert "only a page of an answer" in found(more=True).notes[0]


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ({"alerts": []}, "there are no users"),
        ([], "Expected `object`, got `array`"),
        ({"schedules": [schedule(layer(rotation_turn_length_seconds="a week"))]}, r"rotation_turn_length_seconds`"),
        ({"schedules": [schedule(layer(start="2026-03-02T09:00:00"))]}, "timezone"),
    ],
)
def test_what_is_no_export_is_refused_with_the_place(content: Any, because: str) -> None:
    with pytest.raises(BadExport, match=because):
        read([Document("answers.json", content)], NOW)

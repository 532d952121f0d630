"""Lists of Grafana OnCall's API, made up."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from tests.oncall.schedules import utc, wall
from tocsin.oncall.clock import Span
from tocsin.oncall.escalation import Policy, Step, Target, To
from tocsin.oncall.imports.found import BadExport, Document, Found, FoundChoice, Person
from tocsin.oncall.imports.grafana_oncall import read
from tocsin.oncall.rotation import Unit
from tocsin.oncall.schedule import Layer, Restriction

NOW = utc(3, 3)
USERS = [
    {"id": f"U{n}", "email": f"{name}@tea.example", "username": name} for n, name in enumerate(("mina", "noor"), 1)
]
DAY, ZONE = 86400, "Europe/Berlin"


def shift(**values: Any) -> dict[str, Any]:
    """A shift of whole weeks, mina then noor, from 2 March at nine."""
    who = {"id": "F1", "name": "Week", "type": "rolling_users", "rolling_users": [["U1"], ["U2"]]}
    when = {
        "start": "2026-03-02T09:00:00",
        "duration": 7 * DAY,
        "frequency": "weekly",
        "interval": 1,
        "week_start": "MO",
    }
    return {**who, **when, "time_zone": None, "level": 0, "by_day": None} | values


def found(*shifts: dict[str, Any], **values: Any) -> Found:
    """A schedule with these shifts."""
    tea = {"id": "S1", "name": "Tea", "type": "calendar", "time_zone": ZONE, "shifts": [one["id"] for one in shifts]}
    lists = {"users": USERS, "schedules": [tea | values], "on_call_shifts": list(shifts)}
    return read([Document(f"{name}.json", {"results": rows, "next": None}) for name, rows in lists.items()], NOW)


def layers(*shifts: dict[str, Any]) -> tuple[Layer, ...]:
    [made] = found(*shifts).schedules
    return made.layers


def test_people_have_user_names() -> None:
    assert found(shift()).people[0] == Person("U1", "mina", "mina@tea.example")


def test_whole_weeks_become_a_rotation() -> None:
    [layer] = layers(shift())
    assert (layer.rotation.turns, layer.rotation.start, layer.rotation.unit) == (
        (("U1",), ("U2",)),
        wall("2026-03-02 09:00"),
        Unit.WEEKS,
    )
    assert (layer.restrictions, layer.rotation.zone) == ((), ZONE)


def test_months_become_turns_of_months() -> None:
    export = found(shift(frequency="monthly", interval=2, duration=61 * DAY, by_monthday=[2]))
    [[layer]] = [made.layers for made in export.schedules]
    assert (layer.rotation.unit, layer.rotation.every, layer.restrictions) == (Unit.MONTHS, 2, ())
    assert "a turn of “Week” lasts until the next, there 61 days" in " ".join(export.notes)


def test_days_of_the_week_hand_over_when_the_week_begins() -> None:
    [layer] = layers(shift(start="2026-03-04T09:00:00", duration=8 * 3600, by_day=["WE", "FR"]))
    assert layer.rotation.start == wall("2026-03-02 09:00")
    assert layer.restrictions == (Restriction(frozenset({2, 4}), time(9), time(17)),)


def test_a_weekend_is_told_by_its_days() -> None:
    [layer] = layers(shift(start="2026-03-07T09:00:00", duration=2 * DAY))
    assert layer.restrictions == (Restriction(frozenset({5, 6}), time(9), time(9)),)


def test_a_part_of_every_day_is_kept_to_its_hours() -> None:
    [layer] = layers(shift(frequency="daily", duration=8 * 3600))
    assert (layer.rotation.unit, layer.restrictions) == (
        Unit.DAYS,
        (Restriction(frozenset(range(7)), time(9), time(17)),),
    )


def test_several_people_who_come_again_are_one_turn() -> None:
    [layer] = layers(shift(type="recurrent_event", users=["U1", "U2"], rolling_users=None, time_zone="UTC"))
    assert (layer.rotation.turns, layer.rotation.zone) == ((("U1", "U2"),), "UTC")


def test_the_rotation_begins_with_the_person_who_is_said() -> None:
    [layer] = layers(shift(start_rotation_from_user_index=1, rotation_start="2026-03-09T09:00:00"))
    assert (layer.rotation.turns[0], layer.rotation.start) == (("U1",), wall("2026-03-09 09:00"))


def test_higher_levels_come_behind() -> None:
    assert [one.name for one in layers(shift(level=2, name="High"), shift(id="F2", level=1, name="Low"))] == [
        "Low",
        "High",
    ]


def test_shifts_of_one_level_at_the_same_time_become_two_schedules() -> None:
    said = found(shift(), shift(id="F2"))
    assert [each.name for each in said.schedules] == ["Tea (1)", "Tea (2)"]
    again = found(shift(), shift(id="F2"), shift(id="F3", level=3))
    assert "of one level at the same time" in again.problems[0].why


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"frequency": "monthly"}, "comes again monthly"),
        ({"frequency": "monthly", "duration": 30 * DAY, "start": "2026-01-31T09:00:00"}, "the 28th at most"),
        ({"frequency": "monthly", "duration": 30 * DAY, "by_monthday": [1, 15]}, "from one day of the month"),
        ({"by_monthday": [1]}, "by days of the month"),
        ({"interval": 2}, "no weekly hours"),
        ({"duration": 8 * DAY}, "lasts 8 days"),
        ({"frequency": "daily", "duration": 3600, "by_day": ["MO", "TU"]}, "no weekly hours"),
        ({"by_day": ["XX"], "duration": 3600}, "the weekday XX"),
        ({"rolling_users": [["U1"], []]}, "nobody is in"),
        ({"rolling_users": [["U9"]]}, "names the user U9"),
        ({"until": "2026-03-03T09:00:00"}, "all of them are over"),
    ],
)
def test_what_can_not_be_said_here_is_told(values: dict[str, Any], because: str) -> None:
    [problem] = found(shift(**values)).problems
    assert because in problem.why


def test_what_happens_once_is_left_out_aloud() -> None:
    once = {"id": "F2", "type": "single_event", "name": "Fair", "start": "2026-03-20T09:00:00", "duration": DAY}
    assert "“Fair” happens once and is left out" in found(shift(), once | {"users": ["U1"]}).notes[0]


def test_an_override_of_one_person_comes_too() -> None:
    once = {"type": "override", "start": "2026-03-04T09:00:00", "duration": DAY}
    said = found(
        shift(), once | {"id": "F2", "users": ["U2"]}, once | {"id": "F3", "name": "Both", "users": ["U1", "U2"]}
    )
    [override] = said.schedules[0].overrides
    assert (override.person, override.span) == ("U2", Span(utc(3, 4, 8), utc(3, 5, 8)))
    assert "“Both” happens once and is left out" in said.notes[0]


def test_the_address_of_a_calendar_is_not_told() -> None:
    [problem] = found(type="ical", ical_url_primary="https://cal.example/secret.ics").problems
    assert ("cal.example" in problem.why, "secret" in problem.why) == (True, False)


def chain(*steps: dict[str, Any]) -> Found:
    rows = [{"id": f"E{n}", "escalation_chain_id": "C1", "position": n} | step for n, step in enumerate(steps)]
    lists = {
        "users": USERS,
        "escalation_chains": [{"id": "C1", "name": "Tea first"}],
        "escalation_policies": rows[::-1],
    }
    return read([Document("export.json", lists)], NOW)


def test_a_chain_becomes_steps_with_their_waits() -> None:
    person = {"type": "notify_persons", "persons_to_notify": ["U1"]}
    wait = {"type": "wait", "duration": 300}
    again = {"type": "repeat_escalation"}
    [made] = chain(person, wait, wait, person, again).policies
    call = (Target(To.PERSON, "U1"),)
    assert made.policy == Policy((Step(call, 10), Step(call, 1)), rounds=6)


def test_a_chain_with_other_steps_is_told() -> None:
    assert "a step notify_user_group" in chain({"type": "notify_user_group"}).problems[0].why


def test_a_chain_that_waits_first_is_noted() -> None:
    said = chain({"type": "wait", "duration": 60}, {"type": "notify_persons", "persons_to_notify": ["U2"]})
    assert "calls at once" in said.notes[0]


def test_what_is_no_export_is_refused() -> None:
    with pytest.raises(BadExport, match="there is no list called users"):
        read([Document("export.json", {"alerts": []})], NOW)


def test_the_default_route_of_an_integration_chooses_a_policy() -> None:
    one = {
        "id": "C1",
        "name": "Kettle",
        "type": "alertmanager",
        "default_route": {"id": "R2", "escalation_chain_id": "F1"},
    }
    none = {"id": "C2", "name": "Lamp", "type": "grafana", "default_route": {"id": "R3", "escalation_chain_id": None}}
    routes = [{"id": f"R{n}", "integration_id": "C1", "is_the_last_route": n == 2} for n in (1, 2)]
    made = read([Document("all.json", {"integrations": [one, none], "routes": routes})], NOW)
    assert made.choices == (FoundChoice("F1", "Kettle"),)
    assert made.notes == ("integration Kettle: only its default route counts, 1 others are left out",)

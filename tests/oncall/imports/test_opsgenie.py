"""A backup of Opsgenie, made up."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from tests.oncall.schedules import utc, wall
from tocsin.oncall.clock import Span
from tocsin.oncall.escalation import Policy, Step, Target, To
from tocsin.oncall.imports.found import BadExport, Document, Found, FoundChoice
from tocsin.oncall.imports.opsgenie import read
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Layer, Restriction

NOW = utc(3, 3)
ZONE = "Europe/Berlin"
USERS = [
    Document(
        f"backup/users/{name}@tea.example-U{number}.json",
        {"user": {"id": f"U{number}", "username": f"{name}@tea.example"}},
    )
    for number, name in enumerate(("mina", "noor", "otto"), 1)
]


def rotation(*names: str, **values: Any) -> dict[str, Any]:
    """A weekly rotation from 2 March at nine."""
    people = [{"type": "user", "username": f"{name}@tea.example"} for name in names or ("mina", "noor")]
    week = {
        "name": "Week",
        "type": "weekly",
        "length": 1,
        "startDate": "2026-03-02T08:00:00.000Z",
        "participants": people,
    }
    return week | values


def schedule(*rotations: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"id": "S1", "name": "Tea", "timezone": ZONE, "enabled": True, "rotations": list(rotations)} | values


def found(*documents: tuple[str, Any]) -> Found:
    return read([*USERS, *(Document(f"backup/{path}.json", content) for path, content in documents)], NOW)


def of(*rotations: dict[str, Any], **values: Any) -> Found:
    return found(("schedules/Tea-S1", {"schedule": schedule(*rotations, **values), "scheduleOverrideList": []}))


def test_a_rotation_follows_the_clock_of_its_schedule() -> None:
    [made] = of(rotation()).schedules
    turns = Rotation((("U1",), ("U2",)), wall("2026-03-02 09:00"), ZONE, Unit.WEEKS, 1)
    assert (made.name, made.layers) == ("Tea", (Layer("Week", turns),))


def test_instants_may_be_milliseconds_and_words_capitals() -> None:
    [made] = of(rotation(startDate=1772438400000, type="WEEKLY")).schedules
    assert made.layers[0].rotation.start == wall("2026-03-02 09:00")


@pytest.mark.parametrize(
    ("limits", "hours"),
    [
        (
            {"type": "time-of-day", "restriction": {"startHour": 18, "startMin": 30, "endHour": 8, "endMin": 0}},
            [Restriction(frozenset(range(7)), time(18, 30), time(8))],
        ),
        (
            {
                "type": "weekday-and-time-of-day",
                "restrictions": [
                    {
                        "startDay": "saturday",
                        "startHour": 9,
                        "startMin": 0,
                        "endDay": "monday",
                        "endHour": 9,
                        "endMin": 0,
                    }
                ],
            },
            [Restriction(frozenset({5, 6}), time(9), time(9))],
        ),
    ],
)
def test_time_restrictions_become_hours(limits: dict[str, Any], hours: list[Restriction]) -> None:
    [made] = of(rotation(timeRestriction=limits)).schedules
    assert list(made.layers[0].restrictions) == hours


def test_rotations_at_the_same_time_become_schedules_of_their_own() -> None:
    said = of(rotation(), rotation("otto", name="Second"))
    assert [(each.key, each.name) for each in said.schedules] == [("S1", "Tea: Week"), ("S1", "Tea: Second")]
    assert "become 2 schedules" in said.notes[0]


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"participants": [{"type": "team", "name": "Kettles"}]}, "the team Kettles has a turn"),
        ({"participants": [{"type": "none"}]}, "the none"),
        ({"type": "monthly"}, "turns of the type monthly"),
        ({"participants": [{"type": "user", "username": "gone@tea.example"}]}, "names the user gone@tea.example"),
        ({"endDate": "2026-03-02T09:00:00Z"}, "all of them are over"),
    ],
)
def test_what_can_not_be_said_here_is_told(values: dict[str, Any], because: str) -> None:
    [problem] = of(rotation(**values)).problems
    assert (problem.what, because in problem.why) == ("schedule Tea", True), problem


def test_a_schedule_that_is_switched_off_is_told() -> None:
    assert of(rotation(), enabled=False).problems[0].why == "it is switched off there"


def override(name: str, *rotations: str) -> dict[str, Any]:
    who = {"type": "user", "username": f"{name}@tea.example"}
    return {
        "user": who,
        "startDate": "2026-03-04T08:00:00Z",
        "endDate": "2026-03-05T08:00:00Z",
        "rotations": [{"name": each} for each in rotations],
    }


def overridden(*overrides: dict[str, Any]) -> Found:
    tea = {"schedule": schedule(rotation()), "scheduleOverrideList": list(overrides)}
    return found(("schedules/Tea-S1", tea))


def test_overrides_that_are_ahead_come_too() -> None:
    over = override("mina") | {"startDate": "2026-03-01T08:00:00Z", "endDate": "2026-03-02T08:00:00Z"}
    [made] = overridden(over, override("otto", "Week")).schedules
    assert [(each.person, each.span) for each in made.overrides] == [("U3", Span(utc(3, 4, 8), utc(3, 5, 8)))]


def test_an_override_of_one_rotation_is_told() -> None:
    [problem] = overridden(override("otto", "Nights")).problems
    assert (problem.what, problem.why) == (
        "override of Tea from 2026-03-04 08:00 UTC",
        "it is for some of the rotations only",
    )


def rule(minutes: int, kind: str, **values: Any) -> dict[str, Any]:
    who = {"type": kind, "id": "S1"} if kind == "schedule" else {"type": kind, "username": "otto@tea.example"}
    delay = {"timeAmount": minutes, "timeUnit": "minutes"}
    return {"condition": "if-not-acked", "notifyType": "default", "delay": delay, "recipient": who} | values


def escalation(*rules: dict[str, Any]) -> Found:
    tea = {"id": "E1", "name": "Tea first", "rules": list(rules), "repeat": {"waitInterval": 10, "count": 2}}
    return found(("schedules/Tea-S1", {"schedule": schedule(rotation())}), ("escalations/Tea first-E1", tea))


def test_delays_from_the_beginning_become_waits() -> None:
    said = escalation(rule(15, "user"), rule(0, "schedule"))
    steps = (Step((Target(To.SCHEDULE, "S1"),), 15), Step((Target(To.PERSON, "U3"),), 10))
    assert (said.policies[0].policy, said.notes) == (Policy(steps, rounds=3), ())


def test_rules_of_one_delay_become_one_step() -> None:
    [made] = escalation(rule(0, "schedule"), rule(0, "user")).policies
    assert [len(step.targets) for step in made.policy.steps] == [2]


def test_what_an_escalation_does_otherwise_is_noted() -> None:
    notes = escalation(rule(5, "user", condition="if-not-closed")).notes
    assert ["until it is closed" in notes[0], "calls at once" in notes[1]] == [True, True]


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"notifyType": "next"}, "calls the next of otto@tea.example"),
        ({"recipient": {"type": "team", "name": "Kettles"}}, "calls the team Kettles"),
    ],
)
def test_an_escalation_that_calls_others_is_told(values: dict[str, Any], because: str) -> None:
    assert because in escalation(rule(0, "user", **values)).problems[0].why


def routed(*rules: dict[str, Any]) -> Found:
    """A team of the backup, with rules."""
    team = {"team": {"id": "T1", "name": "Kitchen"}, "teamRoutingRules": list(rules), "teamRoles": []}
    calls = {"id": "E1", "name": "Kitchen_escalation", "rules": []}
    return found(("backup/teams/Kitchen-T1.json", team), ("backup/escalations/E1.json", {"escalation": calls}))


def test_the_last_routing_rule_of_a_team_chooses_its_policy() -> None:
    usual = {"isDefault": True, "order": 0, "notify": {"type": "escalation", "name": "Kitchen_escalation"}}
    made = routed(usual, {"isDefault": False, "order": 1, "notify": {"type": "none"}})
    assert made.choices == (FoundChoice("E1", team="Kitchen"),)
    assert "team Kitchen: only its last routing rule counts, 1 before it are left out" in made.notes


@pytest.mark.parametrize(("kind", "said"), [("schedule", "routes to the schedule Tea"), ("none", "")])
def test_a_team_that_routes_to_no_escalation_is_told(kind: str, said: str) -> None:
    made = routed({"isDefault": True, "notify": {"type": kind, "name": "Tea"}})
    assert made.choices == ()
    assert said in "".join(problem.why for problem in made.problems if "choice" in problem.what)


def test_services_and_teams_come_from_answers() -> None:
    teams = ("teams", {"data": [{"id": "T1", "name": "Kettles"}]})
    catalogue = found(teams, ("services", {"data": [{"id": "K", "name": "Kettle", "teamId": "T1"}]})).services
    assert [(each.slug, each.owner) for each in catalogue.services] == [("kettle", "kettles")]


@pytest.mark.parametrize(
    ("path", "content", "because"),
    [
        ("notes.json", {}, "no folder or file called users"),
        ("schedules/a.json", {"schedule": {"id": "S1"}}, "missing required field `name`"),
    ],
)
def test_what_is_no_backup_is_refused(path: str, content: Any, because: str) -> None:
    with pytest.raises(BadExport, match=because):
        read([Document(path, content)], NOW)

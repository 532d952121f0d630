"""Schedules and policies that nobody means, over the API: refused with a reason, or answered."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_user
from tests.oncall.escalating import make_policy, step
from tests.oncall.kept import ZONE, make_people, make_schedule
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.oncall.escalations import EscalationPolicy
from tocsin.oncall.models import Schedule

ODD: tuple[Any, ...] = (
    *(None, "", [], {}, 0, -1, 10**18, 1.5, True, "months", "9999-12-31T23:59:59", "0001-01-01T00:00:00"),
    *(
        ["alice"],
        [["alice"]],
        [[]],
        [["alice"] * 500],
        [["alice"]] * 500,
        "Mars",
        "Europe/Berlin",
        "\u0000",
        "09:00:00",
    ),
    *([0], [7], list(range(7)), "9999-12-31T23:59:59Z", "2026-13-01T00:00:00", "Z" * 10_000),
)
FARTHEST = ("0001-01-01T00:00:00Z", "1989-12-31T00:00:00Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z")


@pytest.fixture
def manager(db: None) -> Program:
    return program("maria", Role.MANAGER)


def layers(count: int = 1) -> list[dict[str, Any]]:
    """Layers that make sense."""
    rotation = {"turns": [["alice"]], "start": "2026-03-02T09:00:00", "zone": ZONE, "unit": "weeks", "every": 1}
    hours = [{"days": [0], "opens": "09:00:00", "closes": "17:00:00"}]
    return [{"name": f"Layer {number}", "rotation": rotation, "restrictions": hours} for number in range(count)]


def spoilt(sound: Any, chance: Random) -> Any:
    """The same with one to three of its values replaced by odd ones."""
    made = json.loads(json.dumps(sound))
    for _ in range(chance.randint(1, 3)):
        place: Any = made
        while chance.random() < 0.8 and (inner := [key for key in _keys(place) if isinstance(place[key], dict | list)]):
            place = place[chance.choice(inner)]
        if keys := _keys(place):
            place[chance.choice(keys)] = chance.choice(ODD)
    return made


def _keys(place: Any) -> list[Any]:
    return list(place) if isinstance(place, dict) else list(range(len(place)))


def put(caller: Program, body: dict[str, Any], path: str = "schedules/shop") -> Any:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.put(f"/api/v1/{path}", json.dumps(body), "application/json")


def test_a_schedule_is_kept_or_refused_with_its_reason(manager: Program) -> None:
    make_schedule()
    for seed in range(100):
        chance = Random(seed)
        odd = spoilt(layers(chance.choice((1, 2, 200))), chance)
        body = {"name": "Shop", "zone": ZONE, "version": Schedule.objects.get().version, "layers": odd}
        answer = put(manager, body)
        assert answer.status_code in (200, 400, 422), (seed, answer.content[:300], body)
        assert answer.json().get("detail", "said") != ""


def test_a_policy_is_kept_or_refused_with_its_reason(manager: Program) -> None:
    make_user("alice")
    make_policy(step("person alice"))
    sound = [{"targets": [{"to": "person", "name": "alice"}], "wait": 5, "severities": ["low"], "hours": "always"}] * 3
    for seed in range(100):
        version = EscalationPolicy.objects.get().version
        body = {"name": "Shop", "version": version, "rounds": 2, "steps": spoilt(sound, Random(seed))}
        answer = put(manager, body, "escalation/policies/shop")
        assert answer.status_code in (200, 400, 422), (seed, answer.content[:300], body)


def test_so_many_people_and_layers_are_refused(manager: Program) -> None:
    make_schedule()
    crowd = layers()
    crowd[0]["rotation"]["turns"] = [[f"p{number}"] for number in range(500)]
    said = {"name": "Shop", "zone": ZONE, "version": 1}
    assert "at most 200 turns" in put(manager, said | {"layers": crowd}).json()["detail"]
    assert "at most 20 are taken" in put(manager, said | {"layers": layers(200)}).json()["detail"]


def test_without_layers_nobody_is_on_call(manager: Program) -> None:
    make_schedule()
    assert put(manager, {"name": "Shop", "zone": ZONE, "version": 1, "layers": []}).status_code == 200
    assert manager.get("/schedules/shop/oncall").json()["reason"] == "the schedule has no layers"


@pytest.mark.parametrize("at", FARTHEST)
def test_a_far_time_is_refused(manager: Program, at: str) -> None:
    make_schedule()
    assert manager.get(f"/schedules/shop/oncall?at={at}").status_code == 400
    assert manager.get(f"/schedules/shop/shifts?start={at}&end={at[:4]}-12-31T23:59:59.5Z").status_code == 400


@pytest.mark.parametrize("wall", ["9999-12-31T23:59", "0001-01-01T00:00", "2199-12-31T23:59"])
def test_a_change_in_a_far_time_is_refused(manager: Program, wall: str) -> None:
    make_schedule()
    make_people("dave")
    times = {"starts": wall, "ends": "9999-12-31T23:59", "zone": "Pacific/Kiritimati"}
    for path, body in (
        ("overrides", times | {"kind": "add", "person": "dave"}),
        ("temporaries", times | {"shifts": []}),
        ("swaps", times),
    ):
        assert manager.post(f"/schedules/shop/{path}", body).status_code == 400

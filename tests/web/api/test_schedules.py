"""Schedules over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_environment
from tests.oncall.kept import TODAY, ZONE, make_schedule
from tests.oncall.schedules import layer
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.oncall.definition import written
from tocsin.oncall.models import Override, Schedule

CHANGE = {"kind": "replace", "starts": "2099-03-02T09:00", "ends": "2099-03-03T09:00", "zone": ZONE, "person": "dave"}
BANK = {"name": "Bank", "zone": ZONE, "layers": written((layer("Primary", ("dave",)),))["layers"]}


@pytest.fixture
def manager(db: None) -> Program:
    return program("maria", Role.MANAGER)


@pytest.fixture
def schedule(db: None) -> Schedule:
    return make_schedule()


def send(caller: Program, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.generic(method, f"/api/v1/schedules{path}", json.dumps(body), "application/json")


def test_who_is_on_call_is_told_with_the_reason(manager: Program, schedule: Schedule) -> None:
    answer = manager.get(f"/schedules/shop/oncall?at={TODAY.isoformat().replace('+', '%2B')}").json()
    assert answer["duties"] == [{"person": "alice", "reason": "their turn in “Primary”"}]
    nobody = manager.get("/schedules/shop/oncall?at=2026-01-01T00:00:00Z").json()
    assert (nobody["duties"], nobody["reason"]) == ([], "“Primary” has not begun")


def test_the_list_names_all_with_who_is_on_call_now(manager: Program, schedule: Schedule) -> None:
    [item] = manager.get("/schedules").json()["items"]
    assert (item["slug"], item["project"], len(item["on_call"]["duties"])) == ("shop", None, 1)


def test_shifts_and_gaps_come_in_order(manager: Program, schedule: Schedule) -> None:
    found = manager.get("/schedules/shop/shifts?start=2026-03-01T00:00:00Z&end=2026-03-10T00:00:00Z").json()["items"]
    assert [each["person"] for each in found] == [None, "alice", "bob"]
    assert found[1]["starts_at"] == "2026-03-02T08:00:00Z"


@pytest.mark.parametrize("end", ["2026-02-01T00:00:00Z", "2028-03-10T00:00:00Z"])
def test_a_span_that_can_not_be_answered_is_refused(manager: Program, schedule: Schedule, end: str) -> None:
    answer = manager.get(f"/schedules/shop/shifts?start=2026-03-01T00:00:00Z&end={end}")
    assert answer.status_code == 400
    assert "by at most 366 days" in answer.json()["detail"]


def test_a_schedule_is_made_read_and_edited(manager: Program, schedule: Schedule) -> None:
    made = manager.post("/schedules", BANK | {"project": make_environment().project.slug})
    assert (made.status_code, made["Location"], made.json()["project"]) == (201, "/api/v1/schedules/bank", "shop")
    layers = manager.get("/schedules/bank").json()["definition"]["layers"]
    again = send(manager, "PUT", "/bank", BANK | {"name": "The bank", "layers": layers, "version": 1})
    assert (again.json()["name"], again.json()["version"]) == ("The bank", 2)
    assert send(manager, "PUT", "/bank", BANK | {"version": 1}).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"layers": [{"name": "x"}]}, "missing required field `rotation`"),
        ({"zone": "Mars"}, "“Mars” is no time zone"),
        ({"project": "nowhere"}, "There is no such project"),
        ({"name": "Shop"}, "There is a schedule “shop” already"),
    ],
)
def test_what_makes_no_sense_is_refused(manager: Program, schedule: Schedule, wrong: dict[str, Any], why: str) -> None:
    answer = manager.post("/schedules", BANK | wrong)
    assert answer.status_code == 400
    assert why in answer.json()["detail"]


def test_an_override_is_made_and_taken_back(responder: Program, schedule: Schedule) -> None:
    made = responder.post("/schedules/shop/overrides", CHANGE)
    assert made.status_code == 201
    assert made.json()["says"] == "dave instead of everybody from 2099-03-02 09:00 to 2099-03-03 09:00 Europe/Berlin"
    path = f"/shop/overrides/{made.json()['id']}"
    assert [send(responder, "DELETE", path).status_code for _ in range(2)] == [204, 404]
    assert Override.objects.filter(removed_at=None).count() == 0


def test_an_override_of_another_schedule_is_not_found(responder: Program, schedule: Schedule) -> None:
    made = responder.post("/schedules/shop/overrides", CHANGE).json()["id"]
    make_schedule("Bank")
    assert send(responder, "DELETE", f"/bank/overrides/{made}").status_code == 404


def test_a_temporary_schedule_is_put_in_place_and_taken_back(responder: Program, schedule: Schedule) -> None:
    span = {"starts": "2099-12-24", "ends": "2099-12-27", "zone": ZONE}
    made = responder.post("/schedules/shop/temporaries", span | {"shifts": [{"person": "dave"} | _day("2099-12-25")]})
    assert (made.status_code, made.json()["name"]) == (201, "Temporary")
    assert responder.get("/schedules/shop/oncall?at=2099-12-25T12:00:00Z").json()["duties"][0]["person"] == "dave"
    path = f"/shop/temporaries/{made.json()['id']}"
    assert [send(responder, "DELETE", path).status_code for _ in range(2)] == [204, 404]


def _day(day: str) -> dict[str, str]:
    return {"starts": f"{day}T00:00", "ends": f"{day}T23:00"}

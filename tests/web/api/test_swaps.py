"""Shift swaps over the API."""

from __future__ import annotations

import pytest

from tests.oncall.kept import ZONE, make_schedule
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.oncall.models import Override, Schedule

TIMES = {"starts": "2099-03-02T09:00", "ends": "2099-03-30T09:00", "zone": ZONE}
LATER = {"starts": "2099-04-06T09:00", "ends": "2099-04-27T09:00"}


@pytest.fixture
def zoe(db: None) -> Program:
    """May see everything and change shifts, and has none."""
    return program("zoe", Role.RESPONDER)


@pytest.fixture
def schedule(responder: Program) -> Schedule:
    """Of alice, who asks, and others."""
    return make_schedule()


def test_a_swap_is_asked_for_listed_and_accepted(responder: Program, schedule: Schedule, zoe: Program) -> None:
    made = responder.post("/schedules/shop/swaps", TIMES).json()
    assert (made["asked_by"], made["asked_of"], made["state"], made["in_return"]) == ("alice", None, "open", None)
    assert [each["id"] for each in zoe.get("/swaps").json()["items"]] == [made["id"]]
    assert zoe.post(f"/swaps/{made['id']}", {"do": "accept"}).json()["state"] == "accepted"
    assert Override.objects.get().person == "zoe"
    assert zoe.get("/swaps").json()["items"] == []


def test_a_swap_in_return_names_the_other(responder: Program, schedule: Schedule) -> None:
    made = responder.post("/schedules/shop/swaps", TIMES | {"of": "bob", "in_return": LATER}).json()
    assert made["in_return"] == LATER
    assert responder.post(f"/swaps/{made['id']}", {"do": "withdraw"}).json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"of": "nobody"}, "nobody called “nobody”"),
        ({"in_return": LATER}, "Say with whom you swap"),
        ({"starts": "2020-03-02T09:00"}, "at most 400 days"),
        ({"starts": "soon"}, "is no time"),
    ],
)
def test_what_makes_no_sense_is_refused(
    responder: Program, schedule: Schedule, wrong: dict[str, object], why: str
) -> None:
    answer = responder.post("/schedules/shop/swaps", TIMES | wrong)
    assert (answer.status_code, why in answer.json()["detail"]) == (400, True)


def test_there_is_nothing_to_answer_where_nobody_asked(responder: Program, schedule: Schedule, zoe: Program) -> None:
    assert responder.post("/swaps/999", {"do": "accept"}).status_code == 404
    made = responder.post("/schedules/shop/swaps", TIMES | {"of": "bob"}).json()
    assert zoe.post(f"/swaps/{made['id']}", {"do": "decline"}).json()["detail"] == "This was asked of somebody else."

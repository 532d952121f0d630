"""Actions over the API."""

from __future__ import annotations

import json

from django.test import Client

from tests.factories import make_incident
from tests.web.api.conftest import Program
from tocsin.incidents.actions import Action

BODY = {"title": "Alert on the queue", "kind": "detect", "horizon": "this sprint", "due_on": "2020-01-01"}


def opened(responder: Program, **more: object) -> dict[str, object]:
    answer = responder.post("/actions", BODY | {"incident": make_incident().pk} | more)
    assert answer.status_code == 201, answer.content
    made: dict[str, object] = answer.json()
    return made


def test_an_action_is_opened_edited_and_done(responder: Program) -> None:
    made = opened(responder, owner="alice")
    edited = Client(headers={"Authorization": f"Bearer {responder.token}"}).put(
        f"/api/v1/actions/{made['id']}", json.dumps(BODY | {"version": 1, "criteria": "it pages"}), "application/json"
    )
    assert (edited.json()["criteria"], edited.json()["version"], edited.json()["owner"]) == ("it pages", 2, None)
    done = responder.post(f"/actions/{made['id']}/state", {"to": "done", "words": "a drill"}).json()
    assert (done["state"], done["ended_with"], done["ended_by"]) == ("done", "a drill", "alice")


def test_an_edit_of_an_older_version_is_refused(responder: Program) -> None:
    made = opened(responder)
    client = Client(headers={"Authorization": f"Bearer {responder.token}"})
    stale = BODY | {"version": 0}
    assert client.put(f"/api/v1/actions/{made['id']}", json.dumps(stale), "application/json").status_code == 409


def test_what_is_late_and_whose_it_is_is_listed(responder: Program) -> None:
    late, hers = opened(responder), opened(responder, due_on=None, owner="alice")
    for view, ids in (("overdue", [late["id"]]), ("mine", [hers["id"]]), ("active", [hers["id"], late["id"]])):
        found = responder.get(f"/actions?view={view}").json()["items"]
        assert [item["id"] for item in found] == ids
    assert responder.get("/actions?view=overdue").json()["items"][0]["is_overdue"]


def test_pages_follow_each_other(responder: Program) -> None:
    ids = [opened(responder)["id"] for _ in range(3)]
    first = responder.get("/actions?limit=2").json()
    rest = responder.get(f"/actions?limit=2&cursor={first['next']}").json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


def test_what_is_not_there_is_not_found(responder: Program) -> None:
    missing = responder.get("/actions/ACTION-INC999-1")
    assert (missing.status_code, missing.json()["detail"]) == (404, "There is no action “ACTION-INC999-1”.")
    assert responder.post("/actions", BODY | {"incident": 999}).status_code == 404


def test_odd_filters_find_nothing(viewer: Program) -> None:
    for query in ("project=%00", f"incident={10**30}"):
        assert viewer.get(f"/actions?{query}").json()["items"] == []


def test_a_viewer_opens_none(viewer: Program) -> None:
    assert viewer.post("/actions", BODY | {"incident": make_incident().pk}).status_code == 403
    assert not Action.objects.exists()

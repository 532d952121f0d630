"""Postmortems over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_incident
from tests.postmortems.test_changes import ended, written
from tests.web.api.conftest import Program
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.sections import Section


def put(program: Program, path: str, body: dict[str, Any]) -> Any:
    client = Client(headers={"Authorization": f"Bearer {program.token}"})
    return client.put(f"/api/v1{path}", json.dumps(body), "application/json")


def test_the_draft_is_read_and_written(responder: Program) -> None:
    number = ended().pk
    sections = {each["section"]: each for each in responder.get(f"/postmortems/{number}").json()["sections"]}
    assert list(sections) == list(Section)
    assert sections["lessons"]["to_write"] == 1
    answer = put(responder, f"/postmortems/{number}/sections/lessons", {"text": "Bound caches.", "version": 0})
    lessons = next(each for each in answer.json()["sections"] if each["section"] == "lessons")
    assert (lessons["text"], lessons["author"], lessons["version"], lessons["to_write"]) == (
        "Bound caches.",
        "alice",
        1,
        0,
    )


def test_an_edit_of_an_older_version_is_refused(responder: Program) -> None:
    path = f"/postmortems/{ended().pk}/sections/lessons"
    assert put(responder, path, {"text": "one", "version": 0}).status_code == 200
    assert put(responder, path, {"text": "two", "version": 0}).status_code == 409


def test_it_is_completed_by_a_reader(responder: Program) -> None:
    incident = ended()
    written(incident, actor="bob")
    done = responder.post(f"/postmortems/{incident.pk}/state", {"to": "complete"}).json()
    assert (done["state"], done["completed_by"]) == ("complete", "alice")
    assert [item["incident"] for item in responder.get("/postmortems?view=complete").json()["items"]] == [incident.pk]


def test_what_is_unfinished_says_what_is_missing(responder: Program) -> None:
    number = ended().pk
    for to in ("in progress", "in review"):
        responder.post(f"/postmortems/{number}/state", {"to": to})
    refused = responder.post(f"/postmortems/{number}/state", {"to": "complete"})
    assert refused.status_code == 400
    assert "A person must still write: " in refused.json()["detail"]


def test_it_has_an_owner_and_a_deadline(responder: Program) -> None:
    body = {"owner": "alice", "due_at": "2026-04-01T12:00:00Z"}
    now = responder.post(f"/postmortems/{ended().pk}/plan", body).json()
    assert (now["owner"], now["due_at"]) == ("alice", "2026-04-01T12:00:00Z")


def test_a_deadline_has_a_time_zone(responder: Program) -> None:
    body = {"owner": None, "due_at": "2026-04-01T12:00:00"}
    assert responder.post(f"/postmortems/{ended().pk}/plan", body).status_code == 422


def test_one_is_opened_by_hand(responder: Program) -> None:
    assert responder.post(f"/postmortems/{ended('low').pk}").status_code == 201
    assert responder.post(f"/postmortems/{make_incident().pk}").status_code == 400


def test_the_document_is_as_it_is_exported(responder: Program) -> None:
    told = responder.get(f"/postmortems/{ended().pk}/document").json()
    assert told["file_name"].startswith("2026-03-01-checkout-is-down")
    assert told["text"].startswith("---\nid: INC-")


@pytest.mark.parametrize("path", ["", "/document"])
def test_what_is_not_there_is_not_found(responder: Program, path: str) -> None:
    missing = responder.get(f"/postmortems/999{path}")
    assert (missing.status_code, missing.json()["detail"]) == (404, "INC-999 has no postmortem.")


def test_a_viewer_writes_nothing(viewer: Program) -> None:
    number = ended().pk
    assert viewer.get(f"/postmortems/{number}").status_code == 200
    assert put(viewer, f"/postmortems/{number}/sections/lessons", {"text": "x", "version": 0}).status_code == 403
    assert not Postmortem.objects.get().versions.exists()

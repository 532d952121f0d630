"""Status updates, the checklist and the texts of communication over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_incident
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role

pytestmark = pytest.mark.django_db
BODY = {
    "audience": "external",
    "moment": "identified",
    "headline": "Payments fail",
    "text": "We know why.",
    "impact": "partial outage",
}


@pytest.fixture
def at() -> str:
    """The address of an incident."""
    return f"/incidents/{make_incident().pk}"


def put(caller: Program, path: str, body: dict[str, Any]) -> Any:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.put(f"/api/v1{path}", json.dumps(body), "application/json")


def test_an_update_is_drafted_sent_and_read_back(responder: Program, viewer: Program, at: str) -> None:
    draft = responder.get(f"{at}/updates/draft?audience=external").json()
    assert [one["kind"] for one in draft["findings"]] == ["not filled in"]
    made = responder.post(f"{at}/updates", BODY)
    assert made.status_code == 201
    assert made.json()["message"].startswith("Identified · ")
    told = viewer.get(f"{at}/updates").json()
    assert told["items"] == [made.json()]
    assert told["next_due_at"] is not None


def test_what_has_to_be_read_first_is_told_and_then_sent(responder: Program, at: str) -> None:
    body = BODY | {"text": "cart-7f9c is down"}
    refused = responder.post(f"{at}/updates", body)
    assert refused.status_code == 400
    assert [one["said"] for one in refused.json()["findings"]] == ["cart-7f9c"]
    assert "is_read" in refused.json()["detail"]
    assert responder.post(f"{at}/updates", body | {"is_read": True}).status_code == 201


def test_words_are_checked_without_being_sent(responder: Program, at: str) -> None:
    [found] = responder.post(f"{at}/updates/check", BODY | {"text": "password=hunter22"}).json()["items"]
    assert (found["is_barred"], found["said"]) == (True, "•••")
    assert responder.get(f"{at}/updates").json()["items"] == []


@pytest.mark.parametrize("wrong", [{"audience": "all"}, {"next_update_at": "2020-01-01T00:00:00"}, {"odd": 1}])
def test_what_is_no_update_is_refused(responder: Program, at: str, wrong: dict[str, Any]) -> None:
    assert responder.post(f"{at}/updates", BODY | wrong).status_code == 422


def test_the_checklist_is_read_and_ticked(responder: Program, viewer: Program, at: str) -> None:
    words = viewer.get(f"{at}/checklist").json()["items"][0]["item"]
    [first, *_] = responder.post(f"{at}/checklist", {"item": words}).json()["items"]
    assert (first["state"], first["done_by"]) == ("done", "alice")
    assert responder.post(f"{at}/checklist", {"item": words, "done": False}).json()["items"][0]["done_at"] is None


def test_texts_are_read_by_all_and_written_by_managers(viewer: Program) -> None:
    mia = program("mia", Role.MANAGER)
    items = viewer.get("/settings/communication").json()["items"]
    assert {"key": "rhythm", "version": 0}.items() <= items[0].items()
    assert put(viewer, "/settings/communication/rhythm", {"text": "x", "version": 0}).status_code == 403
    assert put(mia, "/settings/communication/rhythm", {"text": "x", "version": 0}).status_code == 400
    assert put(mia, "/settings/communication/odd", {"text": "x", "version": 0}).status_code == 404
    kept = put(mia, "/settings/communication/checklist-low", {"text": "Call", "version": 0}).json()
    assert (kept["text"], kept["version"], kept["author"]) == ("Call", 1, "mia")

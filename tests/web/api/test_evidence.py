"""Evidence over the API."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import make_incident
from tests.incidents.images import png, webp
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role


def upload(caller: Program, number: int, content: bytes, caption: str = "", **headers: str) -> Any:
    form = {"file": SimpleUploadedFile("x", content), "caption": caption}
    client = Client(headers={"Authorization": f"Bearer {caller.token}"} | headers)
    return client.post(f"/api/v1/incidents/{number}/evidence/screenshots", form)


def delete(caller: Program, path: str) -> int:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.delete(f"/api/v1{path}").status_code


def test_a_link_is_attached_and_listed(responder: Program) -> None:
    number = make_incident().pk
    body = {"kind": "link", "url": "https://grafana.example/d/1", "caption": "queue depth"}
    made = responder.post(f"/incidents/{number}/evidence", body)
    assert made.status_code == 201
    assert responder.get(f"/incidents/{number}/evidence").json() == {"items": [made.json()]}
    assert made.json()["added_by"] == "alice"


def test_a_screenshot_is_uploaded_and_downloaded(responder: Program) -> None:
    number = make_incident().pk
    made = upload(responder, number, png(), "the dashboard").json()
    assert made["caption"] == "the dashboard"
    answer = responder.get(made["picture"].removeprefix("/api/v1"))
    assert (answer.content, answer["Content-Type"]) == (png(), "image/png")


def test_what_is_refused_says_why(responder: Program) -> None:
    number = make_incident().pk
    assert "SVG" in upload(responder, number, b"<svg>").json()["detail"]
    assert responder.post(f"/incidents/{number}/evidence", {"kind": "screenshot"}).status_code == 422
    assert responder.post(f"/incidents/{number}/evidence", {"kind": "link", "url": "ftp://x"}).status_code == 400


def test_ones_own_is_removed_and_anothers_is_not(responder: Program) -> None:
    number = make_incident().pk
    responder.post(f"/incidents/{number}/evidence", {"kind": "log", "text": "panic"})
    assert delete(program("bob", Role.RESPONDER), f"/incidents/{number}/evidence/1") == 400
    assert delete(responder, f"/incidents/{number}/evidence/1") == 204
    assert responder.get(f"/incidents/{number}/evidence").json() == {"items": []}


def test_viewers_only_look(viewer: Program) -> None:
    number = make_incident().pk
    assert viewer.get(f"/incidents/{number}/evidence").json() == {"items": []}
    assert viewer.post(f"/incidents/{number}/evidence", {"kind": "log", "text": "x"}).status_code == 403


def test_a_large_screenshot_that_is_sent_again_is_attached_once(responder: Program) -> None:
    number, once = make_incident().pk, {"Idempotency-Key": "shot-1"}
    large = webp(content=b"\x2f\x02\x40\x00\x00\x00" + bytes(4 * 2**20))
    first, second = (upload(responder, number, large, **once) for _ in range(2))
    assert (first.status_code, second.json()) == (201, first.json())
    assert len(responder.get(f"/incidents/{number}/evidence").json()["items"]) == 1

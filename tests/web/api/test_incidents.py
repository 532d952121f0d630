"""Incidents over the API."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import NOW, make_environment, make_incident
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.incidents import matrices
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.triage.matrix import parse

DECLARED = {"title": "Checkout is down", "environment": "shop/production", "severity": "high", "description": "since 3"}


def test_an_incident_is_declared_and_investigated(responder: Program) -> None:
    make_environment()
    answer = responder.post("/incidents", DECLARED)
    assert answer.status_code == 201
    made = Incident.objects.get()
    assert answer["Location"] == f"/api/v1/incidents/{made.pk}"
    assert made.investigations.get().requested_by == "alice"
    assert [e.kind for e in made.timeline.order_by("id")] == ["opened", "note"]


def test_an_unknown_environment_is_named_with_those_there_are(responder: Program) -> None:
    make_environment()
    answer = responder.post("/incidents", DECLARED | {"environment": "shop/prod"})
    assert answer.status_code == 400
    assert "there are shop/production" in answer.json()["detail"]
    assert not Incident.objects.exists()


def test_pages_of_the_list_follow_each_other_without_a_gap(viewer: Program) -> None:
    numbers = [make_incident().pk for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = viewer.get(f"/incidents?limit=2&cursor={cursor}").json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
    assert seen == numbers[::-1]


def test_a_cursor_of_ones_own_making_is_refused(viewer: Program) -> None:
    assert viewer.get("/incidents?cursor=7").status_code == 400


def test_the_list_is_what_was_asked_for(viewer: Program) -> None:
    make_incident(severity="low")
    wanted = make_incident(severity="critical")
    found = viewer.get("/incidents?severity=critical&project=shop").json()["items"]
    assert [item["id"] for item in found] == [wanted.name]


def test_it_is_worked_on_and_resolved(responder: Program) -> None:
    number = make_incident().pk
    responder.post(f"/incidents/{number}/assignee", {"assignee": "alice"})
    responder.post(f"/incidents/{number}/notes", {"text": "**rolled back**"})
    done = responder.post(
        f"/incidents/{number}/status", {"to": "resolved", "resolution": "fixed", "reason": "rollback"}
    )
    assert done.json()["assignee"] == "alice"
    assert done.json()["status"] == "resolved"
    kinds = [entry["kind"] for entry in responder.get(f"/incidents/{number}/timeline").json()["items"]]
    assert kinds == ["status", "note", "assignment"]


def test_an_illegal_move_is_refused_by_name(responder: Program) -> None:
    answer = responder.post(f"/incidents/{make_incident().pk}/status", {"to": "triggered"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert "it already is triggered" in answer.json()["detail"]


def test_who_was_faster_wins_and_the_other_is_told(responder: Program) -> None:
    number = make_incident().pk
    seen = responder.get(f"/incidents/{number}")["ETag"]
    change = {"severity": "low", "note": "nobody is hit"}
    assert responder.post(f"/incidents/{number}/severity", change, **{"If-Match": seen}).status_code == 200
    late = responder.post(f"/incidents/{number}/severity", change | {"severity": "high"}, **{"If-Match": seen})
    assert late.status_code == 412
    assert Incident.objects.get().severity == "low"


@pytest.mark.parametrize("what", ["status", "severity", "assignee", "notes", "investigations"])
def test_who_may_only_look_changes_nothing(viewer: Program, what: str) -> None:
    number = make_incident().pk
    bodies = {
        "status": {"to": "acknowledged"},
        "severity": {"severity": "low", "note": "x"},
        "assignee": {"assignee": None},
        "notes": {"text": "x"},
    }
    answer = viewer.post(f"/incidents/{number}/{what}", bodies.get(what))
    assert answer.status_code == 403
    assert "needs the role responder" in answer.json()["detail"]
    assert not Incident.objects.get().timeline.exists()


def test_a_token_to_look_with_changes_nothing_for_whoever_may(db: None) -> None:
    looking = program("carol", Role.ADMIN, scope=Role.VIEWER)
    assert looking.get("/me").json() == {"username": "carol", "role": "viewer", "projects": {}, "token": "test"}
    assert looking.post(f"/incidents/{make_incident().pk}/notes", {"text": "x"}).status_code == 403


def test_a_field_that_is_not_known_is_refused_rather_than_ignored(responder: Program) -> None:
    answer = responder.post(f"/incidents/{make_incident().pk}/notes", {"text": "x", "internal": True})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "body.internal"


def test_a_value_that_is_none_is_refused_in_our_own_words(responder: Program) -> None:
    answer = responder.post(f"/incidents/{make_incident().pk}/severity", {"severity": "P9", "note": "x"})
    assert answer.json()["detail"].startswith("body.severity: “P9” is no severity")


@pytest.mark.parametrize("path", ["/incidents/99", "/incidents/99/timeline", "/incidents/99/report", "/nowhere"])
def test_what_is_not_there_is_not_found(viewer: Program, path: str) -> None:
    assert viewer.get(path).status_code == 404


def test_without_a_token_the_way_to_one_is_said(client: Client, db: None) -> None:
    answer = client.get("/api/v1/incidents")
    assert answer.status_code == 401
    assert "account page" in answer.json()["detail"]


def test_it_describes_itself(client: Client) -> None:
    said = client.get("/api/v1/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    assert "/api/v1/incidents/{number}/status" in said["paths"]


def test_what_triage_makes_of_it_is_told_and_the_severity_in_the_teams_scale_too(viewer: Program) -> None:
    incident = make_incident(severity="high")
    assert viewer.get(f"/incidents/{incident.pk}").json()["triage"] is None
    Assessment.objects.create(incident=incident, assessed_at=NOW, scope="many components", priority="high")
    matrices.keep(None, parse({"scale": "P0-P3"}), seen=0, author="alice", now=NOW)
    told = viewer.get(f"/incidents/{incident.pk}").json()
    assert (told["severity"], told["severity_shown"]) == ("high", "P1")
    assert (told["triage"]["scope"], told["triage"]["priority"]) == ("many components", "high")


def test_a_severity_is_taken_in_the_teams_scale(responder: Program) -> None:
    make_environment()
    matrices.keep(None, parse({"scale": "P1-P4"}), seen=0, author="alice", now=NOW)
    assert responder.post("/incidents", DECLARED | {"severity": "p2"}).json()["severity"] == "high"
    assert len(responder.get("/incidents?severity=P2").json()["items"]) == 1
    refused = responder.post("/incidents", DECLARED | {"severity": "urgent"})
    assert refused.status_code == 422
    assert "choose one of P1, P2, P3, P4" in refused.json()["detail"]


def test_the_timeline_is_narrowed_and_paged(responder: Program) -> None:
    number = make_incident().pk
    for word in ("one", "two", "three"):
        responder.post(f"/incidents/{number}/notes", {"text": word, "kind": "decision"})
    responder.post(f"/incidents/{number}/notes", {"text": "only a note"})
    first = responder.get(f"/incidents/{number}/timeline?kind=decisions&kind=alerts&limit=2").json()
    rest = responder.get(f"/incidents/{number}/timeline?kind=decisions&limit=2&cursor={first['next']}").json()
    assert [entry["text"] for entry in first["items"] + rest["items"]] == ["three", "two", "one"]
    assert responder.get(f"/incidents/{number}/timeline?kind=gossip").status_code == 422

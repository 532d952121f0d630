"""Merging and splitting over the API."""

from __future__ import annotations

import pytest

from tests.factories import make_environment, make_incident
from tests.web.api.conftest import Program
from tests.web.pages.stored import make_alert
from tocsin.incidents.models import Assessment, Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[Incident, Incident]:
    one, other = make_incident("Slow: shop/web"), make_incident("Full: shop/db")
    make_alert(one, title="Slow")
    make_alert(other, title="Full")
    return one, other


def test_a_merge_is_made_and_taken_back(responder: Program, two: tuple[Incident, Incident]) -> None:
    one, other = two
    merged = responder.post(f"/incidents/{other.pk}/merge", {"into": one.pk, "reason": "its disk"}).json()
    assert (merged["status"], merged["resolution"]) == ("resolved", "duplicate")
    assert responder.get(f"/incidents/{one.pk}/alerts").json()["total"] == 2
    assert responder.post(f"/incidents/{other.pk}/unmerge").json()["status"] == "triggered"


def test_some_alerts_become_an_incident_of_their_own(responder: Program, two: tuple[Incident, Incident]) -> None:
    one, other = two
    responder.post(f"/incidents/{other.pk}/merge", {"into": one.pk, "reason": "its disk"})
    [full] = [a["id"] for a in responder.get(f"/incidents/{one.pk}/alerts").json()["items"] if a["title"] == "Full"]
    answer = responder.post(f"/incidents/{one.pk}/split", {"alerts": [full], "reason": "not its disk"})
    assert answer.status_code == 201
    assert [a["id"] for a in responder.get(answer["Location"].removeprefix("/api/v1") + "/alerts").json()["items"]] == [
        full
    ]


@pytest.mark.parametrize(
    ("into", "reason", "says"),
    [("other", " ", "Say why"), ("itself", "x", "the incident itself"), ("away", "x", "different environments")],
)
def test_what_can_not_be_merged_says_why(
    responder: Program, two: tuple[Incident, Incident], into: str, reason: str, says: str
) -> None:
    away = make_incident(environment=make_environment("staging"))
    number = {"other": two[1], "itself": two[0], "away": away}[into].pk
    answer = responder.post(f"/incidents/{two[0].pk}/merge", {"into": number, "reason": reason})
    assert answer.status_code == 400
    assert says in answer.json()["detail"]


def test_what_is_not_there_can_not_be_merged_into(responder: Program, two: tuple[Incident, Incident]) -> None:
    answer = responder.post(f"/incidents/{two[0].pk}/merge", {"into": 4711, "reason": "x"})
    assert answer.json()["detail"] == "There is no such incident."


def test_a_way_around_is_said(responder: Program) -> None:
    number = make_incident().pk
    assert responder.post(f"/incidents/{number}/workaround", {"workaround": "exists"}).status_code == 200
    assert Assessment.objects.get(incident=number).workaround == "exists"

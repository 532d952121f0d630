"""What people say of an incident, over the API."""

from __future__ import annotations

import pytest

from tests.factories import make_environment, make_incident, make_service
from tests.web.api.conftest import Program
from tests.web.pages.stored import make_hypothesis, store_investigation
from tests.workflows.test_affecting import alert, incident
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.incidents.statements import Statement

DECLARED = {"title": "Checkout is down", "environment": "shop/production", "severity": "high"}


def test_it_is_said_and_read_in_full(responder: Program) -> None:
    make_service("cart")
    number = make_incident().pk
    said = {"users": "a third", "data_loss": "no", "services": ["cart"], "started_at": "2026-03-01T02:50:00Z"}
    answer = responder.patch(f"/incidents/{number}", said | {"reason": "by the graph"})
    found = responder.get(f"/incidents/{number}")
    assert answer.json() == found.json()
    assert {topic: kept["text"] for topic, kept in found.json()["statements"].items()} == {
        "users": "a third",
        "data_loss": "no",
    }
    assert found.json()["statements"]["users"]["author"] == "alice"
    assert (found.json()["services"][0]["slug"], found.json()["started_at"]) == ("cart", "2026-03-01T02:50:00Z")


def test_what_is_left_out_stays_and_what_is_empty_is_taken_back(responder: Program) -> None:
    number = make_incident().pk
    responder.patch(f"/incidents/{number}", {"users": "a third", "region": "eu"})
    left = responder.patch(f"/incidents/{number}", {"region": ""}).json()["statements"]
    assert list(left) == ["users"]


def test_who_was_faster_wins_and_the_other_is_told(responder: Program) -> None:
    number = make_incident().pk
    seen = responder.get(f"/incidents/{number}")["ETag"]
    assert responder.patch(f"/incidents/{number}", {"users": "a third"}, **{"If-Match": seen}).status_code == 200
    late = responder.patch(f"/incidents/{number}", {"users": "half"}, **{"If-Match": seen})
    assert late.status_code == 412
    assert Statement.objects.get().text == "a third"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"data_loss": "perhaps"}, "none of yes, no, unknown"),
        ({"detected_at": "2026-03-01T02:50:00Z"}, "Say why the times change"),
        ({"services": ["crat"]}, "There is no service crat"),
        ({"trigger_run": 7}, "no such run"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_of_it_kept(responder: Program, said: object, says: str) -> None:
    number = make_incident().pk
    answer = responder.patch(f"/incidents/{number}", {"users": "a third"} | said)  # type: ignore[operator]
    assert answer.status_code == 400
    assert says in answer.json()["detail"]
    assert not Statement.objects.exists()


def test_a_role_is_handed_over_with_a_note(responder: Program) -> None:
    number = make_incident().pk
    taken = responder.post(f"/incidents/{number}/roles", {"role": "lead", "person": "alice", "note": "on it"})
    assert taken.json()["roles"] == {"lead": "alice"}
    assert responder.post(f"/incidents/{number}/roles", {"role": "lead", "person": None}).json()["roles"] == {}
    assert [entry.text for entry in Incident.objects.get().timeline.order_by("id")] == [
        "Lead: nobody → alice: on it",
        "Lead: alice → nobody.",
    ]


def test_a_hypothesis_is_confirmed(responder: Program) -> None:
    made = make_incident()
    store_investigation(made)
    cause = responder.post(f"/incidents/{made.pk}/cause").json()["statements"]["cause"]
    assert (cause["text"], cause["reference"]["rank"]) == (make_hypothesis().summary, 1)


def test_an_incident_is_declared_for_alerts_and_services(responder: Program) -> None:
    make_service("mail")
    one, other = alert(namespace="shop", deployment="cart"), alert(namespace="shop", deployment="web")
    incident(one, other)
    body = DECLARED | {"alerts": [one.pk, other.pk], "services": ["mail"]}
    made = responder.post("/incidents", body).json()
    assert [row["slug"] for row in made["services"]] == ["mail"]
    assert IncidentOccurrence.objects.filter(incident=made["number"], left_at=None).count() == 2


def test_a_declaration_says_all_that_is_wrong_with_it(responder: Program) -> None:
    make_environment()
    answer = responder.post("/incidents", DECLARED | {"alerts": [7], "services": ["crat"]})
    assert answer.status_code == 400
    assert "no service crat" in answer.json()["detail"]
    assert "no alert 7" in answer.json()["detail"]


def test_a_viewer_says_nothing(viewer: Program) -> None:
    number = make_incident().pk
    for answer in (
        viewer.patch(f"/incidents/{number}", {"users": "a third"}),
        viewer.post(f"/incidents/{number}/roles", {"role": "lead", "person": None}),
        viewer.post(f"/incidents/{number}/cause"),
    ):
        assert answer.status_code == 403

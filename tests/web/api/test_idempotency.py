"""Requests that are sent again."""

from tests.factories import make_environment, make_incident
from tests.web.api.conftest import Program
from tests.web.api.test_incidents import DECLARED
from tocsin.accounts.models import KeptAnswer
from tocsin.incidents.models import Incident

KEY = {"Idempotency-Key": "one"}


def test_a_repeat_changes_nothing_and_hears_the_same(responder: Program) -> None:
    make_environment()
    first, again = (responder.post("/incidents", DECLARED, **KEY) for _ in range(2))
    assert Incident.objects.count() == 1
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert again["Idempotency-Replayed"] == "true"


def test_a_key_is_for_one_request(responder: Program) -> None:
    make_environment()
    responder.post("/incidents", DECLARED, **KEY)
    answer = responder.post("/incidents", DECLARED | {"title": "Another"}, **KEY)
    assert answer.status_code == 422
    assert Incident.objects.count() == 1


def test_a_key_is_of_one_person(responder: Program, viewer: Program) -> None:
    make_environment()
    responder.post("/incidents", DECLARED, **KEY)
    assert viewer.post("/incidents", DECLARED, **KEY).status_code == 403


def test_a_refusal_is_heard_again_too(responder: Program) -> None:
    number = make_incident().pk
    first, again = (responder.post(f"/incidents/{number}/notes", {"text": " "}, **KEY) for _ in range(2))
    assert (first.status_code, again.status_code, again.content) == (400, 400, first.content)
    assert KeptAnswer.objects.count() == 1

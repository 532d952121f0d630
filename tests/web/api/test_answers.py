"""How the API refuses what no operation of it answers."""

import pytest
from django.test import Client

from tests.web.api.conftest import Program


def test_an_address_that_there_is_not_is_a_problem(viewer: Program) -> None:
    answer = viewer.get("/nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "/api/v1/openapi.json" in answer.json()["detail"]


@pytest.mark.django_db
def test_so_is_one_of_another_version() -> None:
    answer = Client().get("/api/v7/incidents")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_an_address_does_not_know_is_a_problem_with_those_that_it_does(viewer: Program) -> None:
    answer = viewer.post("/me")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert (answer["Allow"], answer.json()["detail"]) == ("GET", "This address answers only: GET.")


def test_a_repeat_of_what_is_not_there_hears_the_same_problem(responder: Program) -> None:
    first, again = (responder.post("/nothing/here", **{"Idempotency-Key": "one"}) for _ in range(2))
    assert (again.status_code, again.json()) == (404, first.json())


def test_what_fails_is_a_problem_too(viewer: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.web.api.root.access_at", lambda _: 1 // 0)
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {viewer.token}"})
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "ZeroDivision" not in answer.content.decode()


@pytest.mark.django_db
def test_pages_are_refused_as_pages() -> None:
    assert Client().get("/nothing/here")["Content-Type"].startswith("text/html")

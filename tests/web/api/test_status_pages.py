"""The public status page over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_environment, make_service
from tests.incidents.published import make_page
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.incidents.status_page import Maintenance, StatusPage

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/status-page"
WORK = {"title": "Larger database", "starts_at": "2036-03-01T22:00:00Z", "ends_at": "2036-03-01T23:00:00Z"}


@pytest.fixture
def manager() -> Program:
    return program("maud", Role.MANAGER)


def put(caller: Program, body: dict[str, Any], address: str = ADDRESS) -> Any:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.put(f"/api/v1{address}", json.dumps(body), "application/json")


def laid(*components: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {"title": "Shop status", "is_public": True, "version": 1, "components": list(components)} | said


def test_a_page_is_laid_out_and_shown(manager: Program) -> None:
    make_service("cart")
    made = put(manager, laid({"name": "Checkout", "services": ["shop/cart"]}, {"name": "Search"})).json()
    assert [c["name"] for c in made["components"]] == ["Checkout", "Search"]
    assert made["components"][0]["services"] == ["shop/cart"]
    assert made["is_public"]
    assert made["address"].endswith("/status")
    assert manager.get(ADDRESS).json() == made


def test_what_is_not_laid_out_again_goes_and_the_order_is_that_of_the_list(manager: Program) -> None:
    page, [_, kept] = make_page("Gone", "Kept")
    body = laid({"name": "New"}, {"id": kept.pk, "name": "Kept on"}, version=page.version)
    made = put(manager, body).json()
    assert [(c["name"], c["id"] == kept.pk) for c in made["components"]] == [("New", False), ("Kept on", True)]


def test_who_saw_an_older_page_does_not_write_over_it(manager: Program) -> None:
    make_page("Shop")
    assert put(manager, laid()).status_code == 409
    assert StatusPage.objects.get().components.count() == 1


def test_a_component_of_another_page_is_refused_and_nothing_changes(manager: Program) -> None:
    _, [other] = make_page("Other", project=make_environment().project)
    answer = put(manager, laid({"id": other.pk, "name": "Mine now"}))
    assert (answer.status_code, answer.json()["detail"]) == (400, "There is no such component.")
    other.refresh_from_db()
    assert other.name == "Other"


def test_a_service_that_is_not_there_is_named(manager: Program) -> None:
    answer = put(manager, laid({"name": "Checkout", "services": ["shop/crat"]}))
    assert answer.status_code == 400
    assert "There is no service “shop/crat”" in answer.json()["detail"]
    assert not StatusPage.objects.exists()


def test_maintenance_is_announced_and_called_off(manager: Program) -> None:
    made = manager.post(f"{ADDRESS}/maintenance", WORK).json()
    assert manager.get(ADDRESS).json()["maintenance"] == [made]
    client = Client(headers={"Authorization": f"Bearer {manager.token}"})
    assert client.delete(f"/api/v1{ADDRESS}/maintenance/{made['id']}").status_code == 204
    assert Maintenance.objects.get().is_called_off


def test_a_project_has_its_own(manager: Program) -> None:
    make_environment()
    made = put(manager, laid({"name": "Checkout"}), "/projects/shop/status-page").json()
    assert made["address"].endswith("/status/shop")
    assert manager.get(ADDRESS).json()["components"] == []


def test_who_may_only_respond_changes_nothing() -> None:
    assert put(program("rob", Role.RESPONDER), laid()).status_code == 403
    assert not StatusPage.objects.exists()

"""The list of services, and the page of a project."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment, make_incident, make_service, make_user
from tests.web.pages.kept import make_deployment
from tocsin.accounts.models import Role
from tocsin.catalog.models import Project
from tocsin.catalog.services import Origin, Service, Team
from tocsin.incidents.models import Incident, IncidentService

Assertion = Callable[[int], AbstractContextManager[Any]]


def read(browser: Client, query: str = "") -> str:
    answer = browser.get(f"/services{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def order(page: str, *words: str) -> list[str]:
    return sorted(words, key=lambda word: page.index(f"{word} <span"))


def affect(service: Service, role: str = "named by an alert", **values: Any) -> Incident:
    incident = make_incident(**values)
    IncidentService.objects.create(incident=incident, service=service, slug=service.slug, role=role, reason="test")
    return incident


def test_without_services_the_list_says_how_to_begin(browser: Client) -> None:
    assert "tocsin catalog import catalog-info.yaml --plan" in read(browser)


def test_a_row_tells_how_it_is_whose_it_is_and_what_goes_on(browser: Client) -> None:
    team = Team.objects.create(slug="buyers", name="Buyers")
    cart = make_service("cart", needs=(make_service("db"),), owner=team, tier=1)
    incident = affect(cart, severity="critical", title="Cart is gone")
    page = read(browser)
    for part in ("Down", "Cart is gone", "Buyers", incident.name, "1 / 0", "Nothing watches it"):
        assert part in page


def test_the_worst_comes_first_unless_sorted_otherwise(browser: Client) -> None:
    affect(make_service("zebra"))
    make_service("ant", heard_at=timezone.now(), tier=2)
    make_service("bee", tier=1)
    assert order(read(browser), "Ant", "Bee", "Zebra") == ["Zebra", "Bee", "Ant"]
    assert order(read(browser, "?sort=name"), "Ant", "Bee", "Zebra") == ["Ant", "Bee", "Zebra"]
    assert order(read(browser, "?sort=tier"), "Ant", "Bee", "Zebra") == ["Bee", "Ant", "Zebra"]


def test_the_list_can_be_narrowed(browser: Client) -> None:
    team = Team.objects.create(slug="buyers", name="Buyers")
    make_service("cart", owner=team, tags=["go"])
    make_service("web", description="What customers see", heard_at=timezone.now())
    for query, named, other in (
        ("?owner=buyers", "cart", "web"),
        ("?owner=nobody", "web", "cart"),
        ("?q=customers", "web", "cart"),
        ("?q=go", "cart", "web"),
        ("?state=healthy", "web", "cart"),
    ):
        page = read(browser, query)
        assert f"/services/shop/{named}" in page
        assert f"/services/shop/{other}" not in page
    assert "No service is like that" in read(browser, "?project=nobody")


@pytest.mark.parametrize("query", ["?sort=colour", "?page=x", "?state=odd"])
def test_there_is_no_other_view(browser: Client, query: str) -> None:
    assert browser.get(f"/services{query}").status_code == 404


def test_what_was_forgotten_is_not_shown(browser: Client) -> None:
    make_service("gone", forgotten_at=timezone.now())
    assert "shop/gone" not in read(browser)


def test_what_was_discovered_and_is_not_seen_any_more_fades(browser: Client) -> None:
    make_service("old", origin=Origin.DISCOVERED, seen_at=timezone.now() - timedelta(days=31))
    Service.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert 'class="fading"' in read(browser)
    Service.objects.update(origin=Origin.HAND)
    assert 'class="fading"' not in read(browser)


def test_a_failed_deployment_shows_and_a_blocked_one_breaks_nothing(browser: Client) -> None:
    make_service("network", heard_at=timezone.now())
    make_deployment(outcome="failed")
    assert "did not go well" in read(browser)
    make_deployment(outcome="blocked by policy")
    about: dict[str, Any] = {"subject": {"kind": "Configuration", "name": "network"}, "severity": "critical"}
    affect(Service.objects.get(), title="terraform apply is blocked", **about)
    assert "Healthy" in read(browser).partition("<tbody>")[2]


def test_the_queries_do_not_grow_with_the_services(browser: Client, django_assert_max_num_queries: Assertion) -> None:
    for number in range(30):
        affect(make_service(f"s{number}"))
    with django_assert_max_num_queries(14):
        read(browser)


def test_a_service_is_added_by_hand_and_only_once(browser: Client, viewer: Client) -> None:
    make_environment()
    new = {"project": "shop", "name": "Orders API"}
    assert viewer.post("/services/new", new).status_code == 403
    assert browser.post("/services/new", new).headers["Location"] == "/services/shop/orders-api#edit"
    refused = browser.post("/services/new", new)
    assert refused.status_code == 400
    assert "has a service orders-api already" in refused.content.decode()


def test_a_project_shows_its_environments_and_its_labels_are_for_managers(browser: Client, client: Client) -> None:
    make_incident()
    make_service("cart")
    page = browser.get("/projects/shop").content.decode()
    for part in ("production", "1 open incident", "no cluster", "shop/cart", "service, service_name"):
        assert part in page
    assert browser.post("/projects/shop/labels", {"labels": "x"}).status_code == 403
    client.force_login(make_user("mona", Role.MANAGER))
    assert client.post("/projects/shop/labels", {"labels": "product, app"}).status_code == 302
    assert Project.objects.get().naming_labels == ["product", "app"]

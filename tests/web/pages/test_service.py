"""The page of a service, and what people do there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import NOW, make_incident, make_service
from tests.web.pages.kept import make_deployment
from tests.web.pages.test_services import affect
from tocsin.catalog.services import Origin, Service, ServiceDependency
from tocsin.ground.edits import BadEdit
from tocsin.incidents.models import IncidentService
from tocsin.investigation.models import ServiceRunbook
from tocsin.web.pages.service_form import typed, written


def read(browser: Client, slug: str = "cart") -> str:
    answer = browser.get(f"/services/shop/{slug}")
    assert answer.status_code == 200
    return answer.content.decode()


def form(service: Service, **changed: str) -> dict[str, str]:
    return written(service) | {"version": str(service.version)} | changed


def test_it_says_what_it_is_how_it_is_and_what_it_needs(browser: Client) -> None:
    db = make_service("db", kind="database")
    cart = make_service("cart", needs=(db,), description="Keeps carts", hosts=["cart.example.org"], tier=1)
    incident = affect(cart)
    page = read(browser)
    for part in ("Keeps carts", "Degraded", incident.title, "most critical", "cart.example.org", "/services/shop/db"):
        assert part in page
    assert '<svg class="graph' in page
    assert "Needed by" in read(browser, "db")


def test_its_deployments_and_proven_runbooks_are_found_by_its_names(browser: Client) -> None:
    cart = make_service("cart", workspaces=["network"], places=[{"workload": "cart-api", "namespace": "shop"}])
    run = make_deployment()
    kept = {"project": cart.project, "service": "cart-api", "cause": "oom-killed", "text": "x", "promoted_at": NOW}
    ServiceRunbook.objects.create(promoted_by="bob", incident=make_incident(), **kept)
    page = read(browser)
    assert f"/deployments/{run.pk}" in page
    assert "For oom-killed" in page


def test_what_is_unknown_is_not_found(browser: Client) -> None:
    make_service("gone", forgotten_at=NOW)
    for address in ("/services/shop/gone", "/services/books/cart", "/projects/nobody"):
        assert browser.get(address).status_code == 404


def test_an_edit_is_kept_as_whose_it_is(browser: Client) -> None:
    changed = {"tier": "2", "owner": "Buyers", "selectors": "namespace=shop workload=cart\napp=web", "tags": "go, "}
    assert browser.post("/services/shop/cart/edit", form(make_service(), **changed)).status_code == 302
    cart = Service.objects.get()
    assert (cart.tier, str(cart.owner), cart.tags) == (2, "Buyers", ["go"])
    assert cart.selectors == [{"namespace": "shop", "workload": "cart"}, {"labels": {"app": "web"}}]
    assert sorted(cart.told) == ["owner", "selectors", "tags", "tier"]
    assert "by hand" in read(browser)


def test_an_edit_of_what_was_changed_meanwhile_is_refused_and_nothing_typed_is_lost(browser: Client) -> None:
    sent = form(make_service(), name="My name")
    Service.objects.update(version=5)
    refused = browser.post("/services/shop/cart/edit", sent)
    assert refused.status_code == 400
    for part in ("has been changed meanwhile", "My name", 'name="version" value="1"'):
        assert part in refused.content.decode()


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("tier", "7", "The tier is 1"),
        ("links", "Dashboard", "write a name and an address"),
        ("runbooks", "x javascript:alert(1)", "write a name and an address"),
        ("selectors", "shop", "write words like namespace=shop"),
        ("selectors", 'a="', "write words like namespace=shop"),
        ("description", "x" * 5000, "4,000 at most"),
    ],
)
def test_what_can_not_be_understood_is_said(name: str, text: str, why: str) -> None:
    with pytest.raises(BadEdit, match=why):
        typed(written(Service()) | {name: text})


def test_what_is_written_is_read_back_the_same() -> None:
    links = {"On call": "https://a.example", "https://b.example": "https://b.example"}
    places = [{"namespace": "n", "labels": {"app.kubernetes.io/name": "my cart"}}]
    service = Service(name="Cart", links=links, selectors=places, tags=["a", "b"], hosts=["x", "y"], tier=1)
    assert {name: value for name, value in typed(written(service)).items() if value} == {
        "name": "Cart",
        "kind": "service",
        "tier": 1,
        "links": links,
        "selectors": places,
        "tags": ["a", "b"],
        "hosts": ["x", "y"],
    }


def test_a_viewer_changes_nothing(viewer: Client) -> None:
    cart = make_service()
    assert viewer.post("/services/shop/cart/edit", form(cart)).status_code == 403
    assert viewer.post("/services/shop/cart/decision", {"do": "forget"}).status_code == 403
    assert "edit-service" not in read(viewer)


def test_what_was_discovered_is_kept_or_forgotten(browser: Client) -> None:
    make_service(origin=Origin.DISCOVERED)
    assert "Nobody has vouched for it yet" in read(browser)
    browser.post("/services/shop/cart/decision", {"do": "keep"})
    assert "Nobody has vouched" not in read(browser)
    assert browser.post("/services/shop/cart/decision", {"do": "forget"}).headers["Location"] == "/services"
    assert browser.get("/services/shop/cart").status_code == 404


def test_needs_are_said_and_taken_back(browser: Client) -> None:
    make_service("cart")
    make_service("db")
    browser.post("/services/shop/cart/decision", {"do": "need", "slug": "db"})
    need = ServiceDependency.objects.get()
    assert (need.target.slug, need.reason) == ("db", "alice said so")
    browser.post("/services/shop/db/decision", {"do": "drop", "id": need.pk})
    assert ServiceDependency.objects.get().forgotten_at is None
    browser.post("/services/shop/cart/decision", {"do": "drop", "id": need.pk})
    assert ServiceDependency.objects.get().forgotten_at is not None
    assert (
        "no other service nobody"
        in browser.post("/services/shop/cart/decision", {"do": "need", "slug": "nobody"}).content.decode()
    )
    assert browser.post("/services/shop/cart/decision", {"do": "sing"}).status_code == 400


def test_the_page_of_an_incident_shows_what_it_affects(browser: Client) -> None:
    cart = make_service("cart", heard_at=timezone.now())
    incident = affect(cart, role="cause")
    IncidentService.objects.create(incident=incident, slug="gone", role="needs it", reason="it needs cart")
    page = browser.get(f"/incidents/{incident.pk}").content.decode()
    for part in ("Affected services", "/services/shop/cart", "the cause is here", "gone", "it needs cart"):
        assert part in page

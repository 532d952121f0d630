"""Pages of services as eyes see them, and as hostile names would have them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident, make_service
from tests.web.pages.kept import make_deployment
from tocsin.catalog.services import Origin, Service, Team
from tocsin.incidents.models import Incident, IncidentService

pytestmark = pytest.mark.browser
LOOKS = [(scheme, size) for scheme in ("dark", "light") for size in (LAPTOP, PHONE)]
HOSTILE = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"


def full_service() -> tuple[Service, Incident]:
    """A service with everything on its page, and an incident that affects it."""
    team = Team.objects.create(slug="orders", name="Orders", contact="orders@example.org")
    db = make_service("db", kind="database", origin=Origin.DISCOVERED)
    Service.objects.update(created_at=timezone.now() - timedelta(days=60))
    cart = make_service(
        "cart",
        needs=(db,),
        owner=team,
        tier=1,
        description="Keeps what customers are about to buy. " * 4,
        links={"Dashboard": "https://grafana.example.org/" + "d" * 120},
        runbooks={"Failover": "https://wiki.example.org/cart"},
        repositories=["https://github.example.org/shop/cart"],
        selectors=[{"namespace": "shop", "workload": "cart", "labels": {"app.kubernetes.io/part-of": "shop" * 20}}],
        places=[{"environment": "production", "namespace": "shop", "workload": "cart-with-a-long-name" * 4}],
        workspaces=["network"],
        told={"tier": {"origin": "by hand", "by": "alice"}},
    )
    make_service("web", needs=(cart,), heard_at=timezone.now())
    make_deployment()
    incident = make_incident(severity="critical")
    roles = (cart, "cause"), (Service.objects.get(slug="web"), "needs it")
    for service, role in roles:
        IncidentService.objects.create(
            incident=incident, service=service, slug=service.slug, role=role, reason="why so"
        )
    return cart, incident


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_every_page_is_readable_and_fits(opens: Opens, scheme: str, size: ViewportSize) -> None:
    _, incident = full_service()
    page = opens("/services", scheme=scheme, size=size)
    for address in (
        "/services",
        "/services/shop/cart",
        "/services/shop/db",
        "/projects/shop",
        f"/incidents/{incident.pk}",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_the_list_is_filtered_and_walked_with_keys(opens: Opens) -> None:
    full_service()
    page = opens("/services")
    page.get_by_label("Health").select_option("down")
    page.get_by_role("button", name="Filter").click()
    assert page.locator("a.open").all_inner_texts() == ["Cart service"]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/shop/cart")


def test_a_service_is_edited_by_hand(opens: Opens) -> None:
    full_service()
    page = opens("/services/shop/cart")
    page.get_by_text("Edit", exact=True).click()
    page.get_by_label("Tier").select_option("3")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert Service.objects.get(slug="cart").tier == 3


def test_hostile_names_do_nothing(opens: Opens) -> None:
    links, told = {HOSTILE: "javascript:document.title='owned'"}, {"x": {"origin": HOSTILE, "by": ""}}
    make_service(
        "cart",
        name=HOSTILE,
        description=HOSTILE,
        links=links,
        tags=[HOSTILE],
        told=told,
    )
    for address in ("/services", "/services/shop/cart"):
        page = opens(address)
        assert page.locator("main script, main img, main a[href^=javascript]").count() == 0
        assert "owned" not in page.title().replace(HOSTILE, "")

"""What the palette finds."""

from __future__ import annotations

from django.test import Client

from tests.factories import make_environment, make_incident, make_service, make_user
from tocsin.accounts.models import Role
from tocsin.catalog.memberships import Membership


def find(browser: Client, typed: str) -> str:
    answer = browser.get("/find", {"q": typed})
    assert answer.status_code == 200
    return answer.content.decode()


def test_incidents_are_found_by_words_that_only_begin_as_typed(browser: Client) -> None:
    incident = make_incident("DatabaseDown: orders", status="closed")
    make_incident("CartSlow")
    found = find(browser, "databased")
    assert found.count('role="option"') == 1
    assert f'data-to="/incidents/{incident.pk}"' in found


def test_an_incident_is_found_by_its_number(browser: Client) -> None:
    incident = make_incident()
    assert incident.title in find(browser, incident.name)


def test_services_whose_name_begins_so_come_first(browser: Client) -> None:
    for slug in ("my-cart", "cart"):
        make_service(slug)
    found = find(browser, "cart")
    assert found.index("shop/cart") < found.index("shop/my-cart")


def test_nothing_typed_and_half_a_filter_find_nothing(browser: Client) -> None:
    make_incident()
    assert "option" not in find(browser, " ") + find(browser, "severity:") + find(browser, "-cart")


def test_what_somebody_may_not_see_is_not_found(client: Client, db: None) -> None:
    make_incident("secret")
    make_service("secret")
    elsewhere = make_environment(project="billing").project
    Membership.objects.create(user=(bob := make_user("bob", role="")), project=elsewhere, role=Role.RESPONDER)
    client.force_login(bob)
    assert "option" not in find(client, "secret")

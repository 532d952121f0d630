"""Where managers set up the public status page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment, make_service, make_user
from tests.incidents.published import make_page
from tocsin.accounts.models import Role
from tocsin.catalog.memberships import Membership
from tocsin.catalog.services import Service
from tocsin.incidents.status_page import Component, Maintenance, StatusPage

ADDRESS = "/settings/status-page"


@pytest.fixture
def manager(db: None) -> Client:
    client = Client()
    client.force_login(make_user("maud", Role.MANAGER))
    return client


def post(client: Client, do: str, address: str = ADDRESS, **typed: object) -> Any:
    return client.post(address, {"do": do, **typed})


def test_a_page_is_set_up_and_shown(manager: Client) -> None:
    post(manager, "words", title="Shop status", about="How we are", version="1")
    post(manager, "add", name="Checkout", group="Shop", description="Paying", service=make_service("cart").pk)
    post(manager, "show")
    page = StatusPage.objects.get()
    assert (page.title, page.published_at is not None) == ("Shop status", True)
    assert [s.slug for s in page.components.get().services.all()] == ["cart"]
    assert b"Everybody can read" in manager.get(ADDRESS).content


def test_who_may_only_respond_reads_it_and_changes_nothing(browser: Client) -> None:
    assert b"Show it to everybody" not in browser.get(ADDRESS).content
    assert post(browser, "show").status_code == 403
    assert not StatusPage.objects.exists()


def test_a_mistake_is_told_with_what_was_typed(manager: Client) -> None:
    answer = post(manager, "add", name=" ", group="Customers")
    assert answer.status_code == 400
    assert b"The name is empty." in answer.content
    assert b'value="Customers"' in answer.content


def test_components_are_edited_moved_and_removed(manager: Client) -> None:
    page, [shop, search] = make_page("Shop", "Search")
    post(manager, "up", component=search.pk)
    page.refresh_from_db()
    post(manager, "edit", component=shop.pk, name="Web shop", version=page.version)
    assert list(page.components.order_by("position").values_list("name", flat=True)) == ["Search", "Web shop"]
    post(manager, "remove", component=shop.pk)
    assert Component.objects.get() == search


def test_maintenance_is_announced_and_called_off(manager: Client) -> None:
    _, [shop] = make_page("Shop")
    starts = timezone.now() + timedelta(days=1)
    times = {"starts": f"{starts:%Y-%m-%dT%H:%M}", "ends": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    post(manager, "announce", title="Larger database", text="", component=shop.pk, **times)
    assert b"Larger database" in manager.get(ADDRESS).content
    post(manager, "end", maintenance=Maintenance.objects.get().pk)
    assert Maintenance.objects.get().is_called_off


def test_a_time_that_is_none_is_refused(manager: Client) -> None:
    make_page("Shop")
    answer = post(manager, "announce", title="Work", starts="soon", ends="later")
    assert "“soon” is no time" in answer.content.decode()


def test_the_preview_shows_what_nobody_sees_yet(manager: Client) -> None:
    make_page("Shop", public=False)
    answer = manager.get(ADDRESS + "?preview")
    assert b"All systems operational" in answer.content
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


def test_a_project_has_a_page_of_its_own(manager: Client) -> None:
    project = make_environment().project
    post(manager, "add", f"{ADDRESS}/shop", name="Checkout")
    assert StatusPage.objects.get().project == project
    assert b"/status/shop" in manager.get(f"{ADDRESS}/shop").content
    assert manager.get(f"{ADDRESS}/none").status_code == 404


def test_what_can_not_be_done_is_refused(manager: Client) -> None:
    assert post(manager, "explode").status_code == 400
    assert not StatusPage.objects.exists()


def test_what_somebody_else_changed_meanwhile_is_not_written_over_and_what_was_typed_stays(manager: Client) -> None:
    page, [shop] = make_page("Shop")
    cart = make_service("cart")
    post(manager, "edit", component=shop.pk, name="Web shop", version=page.version)
    answer = post(manager, "edit", component=shop.pk, name="Store", service=cart.pk, version=page.version)
    assert (answer.status_code, Component.objects.get().name) == (400, "Web shop")
    text = answer.content.decode()
    assert "Somebody has changed this page meanwhile" in text
    assert 'value="Store"' in text
    assert f'value="{cart.pk}" checked' in text
    assert f'name="version" value="{page.version + 1}"' in text


@pytest.fixture
def of_shop(db: None) -> Client:
    """A manager of one project, who sees no other."""
    person = make_user("sam", "")
    Membership.objects.create(user=person, project=make_environment().project, role=Role.MANAGER)
    client = Client()
    client.force_login(person)
    return client


def hidden() -> Service:
    return make_service("clandestine", project=make_environment(project="other").project)


def test_services_of_other_projects_stay_unseen(of_shop: Client) -> None:
    page, [shop] = make_page("Shop")
    shop.services.add(hidden())
    assert b"clandestine" not in of_shop.get(ADDRESS).content
    assert post(of_shop, "show").status_code == 403
    assert post(of_shop, "add", f"{ADDRESS}/shop", name="Checkout").status_code == 302
    assert page.components.count() == 1


def test_services_that_somebody_does_not_see_are_not_taken_away(of_shop: Client) -> None:
    page, [shop] = make_page("Shop", project=make_environment().project)
    shop.services.add(hidden(), make_service("cart"))
    post(of_shop, "edit", f"{ADDRESS}/shop", component=shop.pk, name="Web shop", version=page.version)
    assert [service.slug for service in shop.services.all()] == ["clandestine"]


def test_what_all_projects_would_tell_is_previewed_only_by_who_sees_them_all(of_shop: Client) -> None:
    make_page("Shop", public=False)
    assert of_shop.get(ADDRESS + "?preview").status_code == 403


def test_why_no_mail_is_offered_is_said(manager: Client) -> None:
    assert b"The page does not offer mail" in manager.get(ADDRESS).content

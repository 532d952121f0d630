"""`tocsin status-page`, against a server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.test_channel import manager  # noqa: F401  # fixture
from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.factories import make_environment, make_service
from tocsin.incidents.status_page import StatusPage

pytestmark = pytest.mark.django_db(transaction=True)


def page(manager: Tocsin, *words: str) -> Any:  # noqa: F811
    return json.loads(manager("status-page", "show", *words, "--output", "json").stdout)


def test_a_page_is_described_published_and_hidden(manager: Tocsin) -> None:  # noqa: F811
    assert "There is no component yet." in manager("status-page", "show").output
    assert "“Example status”" in manager("status-page", "describe", "--title", "Example status").output
    assert "Everybody can read http" in manager("status-page", "publish").output
    assert StatusPage.objects.get().published_at
    assert "not public" not in manager("status-page", "show").output
    assert "Nobody can read" in manager("status-page", "hide").output
    assert page(manager)["is_public"] is False


def test_components_are_added_edited_moved_and_removed(manager: Tocsin) -> None:  # noqa: F811
    make_service("cart")
    assert "Basket" in manager("status-page", "add", "Basket", "--service", "shop/cart").output
    manager("status-page", "add", "Search")
    assert "Shop / Search" in manager("status-page", "edit", "Search", "--group", "Shop").output
    assert manager("status-page", "move", "Search", "1").output.index("Search") < 20
    [search, basket] = page(manager)["components"]
    assert (search["group"], basket["services"]) == ("Shop", ["shop/cart"])
    manager("status-page", "edit", str(basket["id"]), "--no-services")
    assert "Removed Search." in manager("status-page", "remove", "Search").output
    [left] = page(manager)["components"]
    assert (left["id"], left["services"]) == (basket["id"], [])


def test_maintenance_is_announced_and_called_off(manager: Tocsin) -> None:  # noqa: F811
    make_environment()
    manager("status-page", "add", "Shop", "--project", "shop")
    times = ("--from", "2100-03-31T22:00+02:00", "--to", "2100-03-31T23:00Z")
    announced = ("announce", "New machines", *times, "--component", "Shop", "--project", "shop")
    made = json.loads(manager("status-page", *announced, "--output", "json").stdout)
    assert made["components"] == [StatusPage.objects.get().components.get().pk]
    assert "2100-03-31 20:00 to 2100-03-31 23:00 UTC: New machines" in manager("status-page", *announced).output
    manager("status-page", "end", str(made["id"]), "--project", "shop")
    assert len(page(manager, "--project", "shop")["maintenance"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("describe",), "say --title, --about or both"),
        (("remove", "Basket"), "there is no component “Basket”; see `tocsin status-page show`"),
        (("add", "Basket", "--service", "shop/none"), "There is no service “shop/none”"),
        (("show", "--project", "none"), "There is no such project."),
    ],
)
def test_what_cannot_be_is_one_line(manager: Tocsin, words: tuple[str, ...], said: str) -> None:  # noqa: F811
    refused = manager("status-page", *words)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert said in refused.stderr


def test_of_two_with_one_name_the_id_is_asked_for(manager: Tocsin) -> None:  # noqa: F811
    for _ in range(2):
        manager("status-page", "add", "Search")
    assert "2 components are called “Search”; say the id" in manager("status-page", "remove", "Search").stderr


def test_who_may_not_set_it_up_is_told_so(alice: Tocsin) -> None:  # noqa: F811
    refused = alice("status-page", "publish")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)

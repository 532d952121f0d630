from __future__ import annotations

import pytest
from django.db import DataError, transaction

from tests.factories import NOW, make_environment, make_service
from tocsin.catalog.importing import carry_out
from tocsin.catalog.imports.parsed import Catalogue, ParsedService, ParsedTeam
from tocsin.catalog.models import Project
from tocsin.catalog.recognition import Place
from tocsin.catalog.reconciling import DISCOVERED, FILE, Plan, Teller, What
from tocsin.catalog.services import Service, ServiceDependency, Team

pytestmark = pytest.mark.django_db
OURS = Teller(FILE, "shop.yaml")
CART = ParsedService(
    "cart",
    "Cart",
    owner="buyers",
    tier=1,
    selectors=(Place(namespace="shop", labels={"a": "b"}),),
    needs={"db": "orders"},
)
SHOP = Catalogue((CART, ParsedService("db", "Orders")), (ParsedTeam("buyers", "Buyers"),))


@pytest.fixture
def shop() -> Project:
    return make_environment().project


def imported(shop: Project, *services: ParsedService, teller: Teller = OURS) -> Plan:
    return carry_out(shop, Catalogue(services), teller, NOW)


def test_a_catalogue_becomes_services_owners_and_needs(shop: Project) -> None:
    assert carry_out(shop, SHOP, OURS, NOW).of(What.CREATED) == ["cart", "db"]
    cart = Service.objects.get(slug="cart")
    assert (cart.name, cart.tier, cart.origin, str(cart.owner)) == ("Cart", 1, "catalogue file", "Buyers")
    assert cart.selectors == [{"namespace": "shop", "labels": {"a": "b"}}]
    assert [(need.target.slug, need.reason) for need in cart.needs.all()] == [("db", "orders")]


def test_importing_again_changes_nothing(shop: Project) -> None:
    carry_out(shop, SHOP, OURS, NOW)
    before = list(Service.objects.values())
    assert carry_out(shop, SHOP, OURS, NOW).of(What.UNCHANGED) == ["cart", "db"]
    assert list(Service.objects.values()) == before


def test_what_is_seen_of_a_service_that_a_file_describes_is_only_where_it_runs(shop: Project) -> None:
    carry_out(shop, SHOP, OURS, NOW)
    place = Place("production", namespace="shop", workload="cart-v2")
    seen = ParsedService("cart-v2", "cart-v2", selectors=(place,), labels={"a": "b"}, needs={"mail": "x"})
    imported(shop, seen, ParsedService("mail", "mail"), teller=Teller(DISCOVERED, ""))
    cart = Service.objects.get(slug="cart")
    assert (cart.name, cart.selectors, cart.version) == ("Cart", [{"namespace": "shop", "labels": {"a": "b"}}], 2)
    assert cart.places == [{"environment": "production", "namespace": "shop", "workload": "cart-v2"}]
    assert sorted(need.target.slug for need in cart.needs.all()) == ["db", "mail"]


def test_what_a_file_no_longer_says_goes(shop: Project) -> None:
    carry_out(shop, SHOP, OURS, NOW)
    assert imported(shop, ParsedService("cart", "Cart")).of(What.REMOVED) == ["db"]
    cart = Service.objects.get()
    assert (cart.owner, cart.tier, cart.selectors, cart.version) == (None, None, [], 2)
    assert list(cart.told) == ["name"]


def test_a_file_takes_over_what_was_only_seen(shop: Project) -> None:
    seen = Teller(DISCOVERED, "")
    imported(shop, ParsedService("cart", "cart", needs={"db": "x"}), ParsedService("db", "db"), teller=seen)
    carry_out(shop, SHOP, OURS, NOW)
    imported(shop, ParsedService("cart", "cart-v2", needs={"db": "x"}), ParsedService("db", "db"), teller=seen)
    cart = Service.objects.get(slug="cart")
    assert (cart.name, cart.origin, cart.seen_at) == ("Cart", "catalogue file", NOW)
    assert ServiceDependency.objects.get().origin == "catalogue file"


def test_an_edit_by_hand_stands(shop: Project) -> None:
    make_service("cart", tier=3, told={"tier": {"origin": "by hand", "by": "alice"}}, origin="by hand")
    assert "tier stays 3, set by alice" in imported(shop, CART, ParsedService("db")).conflicts[0]
    assert Service.objects.get(slug="cart").tier == 3


def test_what_is_said_of_a_team_is_kept_up_to_date(shop: Project) -> None:
    carry_out(shop, SHOP, OURS, NOW)
    carry_out(shop, Catalogue(SHOP.services, (ParsedTeam("buyers", "Buyers", contact="#buyers"),)), OURS, NOW)
    assert Team.objects.get().contact == "#buyers"


def test_a_failing_import_leaves_nothing(shop: Project) -> None:
    with pytest.raises(DataError), transaction.atomic():
        imported(shop, ParsedService("cart", "Cart"), ParsedService("db", tier=1_000_000))
    assert not Service.objects.exists()

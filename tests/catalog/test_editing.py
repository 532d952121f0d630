from __future__ import annotations

import pytest

from tests.factories import NOW, make_environment, make_service
from tocsin.catalog import editing
from tocsin.catalog.importing import carry_out
from tocsin.catalog.imports.parsed import Catalogue, ParsedService
from tocsin.catalog.reconciling import DISCOVERED, Plan, Teller
from tocsin.catalog.services import Origin, Service, ServiceDependency
from tocsin.ground.edits import BadEdit

pytestmark = pytest.mark.django_db


def seen(*services: ParsedService) -> Plan:
    return carry_out(make_environment().project, Catalogue(services), Teller(DISCOVERED, ""), NOW)


def test_an_edit_is_remembered_as_whose_it_is() -> None:
    cart = make_service(told={"name": {"origin": "discovered", "by": ""}})
    edited = editing.edit(cart.pk, {"tier": 1, "owner": "Buyers", "name": "Cart"}, version=1, actor="alice")
    assert (edited.tier, str(edited.owner), edited.version) == (1, "Buyers", 2)
    assert {name: said["by"] for name, said in edited.told.items()} == {"name": "", "tier": "alice", "owner": "alice"}


def test_an_edit_that_changes_nothing_is_none() -> None:
    assert editing.edit(make_service(tier=1).pk, {"tier": 1, "owner": ""}, version=1, actor="alice").version == 1


def test_nobody_writes_over_what_they_have_not_seen() -> None:
    with pytest.raises(BadEdit, match="changed meanwhile"):
        editing.edit(make_service(version=2).pk, {"tier": 1}, version=1, actor="alice")


def test_a_service_keeps_a_name() -> None:
    with pytest.raises(BadEdit, match="needs a name"):
        editing.edit(make_service().pk, {"name": " "}, version=1, actor="alice")


def test_a_service_is_created_once() -> None:
    project = make_environment().project
    assert editing.create(project, " Orders API ", actor="alice").slug == "orders-api"
    with pytest.raises(BadEdit, match="has a service orders-api already"):
        editing.create(project, "orders api", actor="bob")
    with pytest.raises(BadEdit, match="letters or digits"):
        editing.create(project, "…", actor="bob")


def test_what_is_forgotten_is_not_discovered_again() -> None:
    editing.forget(make_service("cart", origin=Origin.DISCOVERED).pk, NOW)
    seen(ParsedService("cart", "cart"), ParsedService("web", "web", needs={"cart": "x"}))
    assert list(Service.objects.filter(forgotten_at=None).values_list("slug", flat=True)) == ["web"]
    assert not ServiceDependency.objects.exists()


def test_what_is_forgotten_can_be_created_anew() -> None:
    make_service("cart", forgotten_at=NOW, origin=Origin.DISCOVERED)
    editing.create(make_environment().project, "Cart", actor="alice")
    assert (Service.objects.get().name, Service.objects.get().forgotten_at) == ("Cart", None)


def test_what_was_discovered_can_be_kept() -> None:
    editing.keep(make_service(origin=Origin.DISCOVERED).pk)
    assert Service.objects.get().origin == Origin.HAND


def test_needs_are_added_and_stay_forgotten() -> None:
    cart, _ = make_service("cart"), make_service("db")
    editing.add_need(cart.pk, "db", actor="alice")
    editing.forget_need(cart.pk, ServiceDependency.objects.get().pk, NOW)
    seen(ParsedService("cart", needs={"db": "x"}), ParsedService("db"))
    assert ServiceDependency.objects.get().forgotten_at == NOW
    with pytest.raises(BadEdit, match="no other service cart"):
        editing.add_need(cart.pk, "cart", actor="alice")

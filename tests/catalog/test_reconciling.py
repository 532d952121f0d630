from __future__ import annotations

from typing import Any

from tocsin.catalog.imports.parsed import Catalogue, ParsedService
from tocsin.catalog.reconciling import DISCOVERED, FILE, HAND, KUBERNETES, Change, Held, Plan, Teller, What, plan

TEAM_FILE, ALICE, SEEN = Teller(FILE, "shop.yaml"), Teller(HAND, "alice"), Teller(DISCOVERED, "investigations")


def cart(**said: Any) -> ParsedService:
    return ParsedService("cart", **said)


def held(teller: Teller = TEAM_FILE, told: dict[str, Teller] | None = None, needs: Any = None, **fields: Any) -> Held:
    return Held("cart", teller, fields, dict.fromkeys(fields, teller) | (told or {}), needs or {})


def planned(before: Held | None, *services: ParsedService, teller: Teller = TEAM_FILE) -> Plan:
    return plan({before.slug: before} if before else {}, Catalogue(services), teller)


def test_what_is_new_is_created_with_what_is_said() -> None:
    [change] = planned(None, cart(name="Cart", tier=1)).changes
    assert change == Change(What.CREATED, "cart", {"name": (None, "Cart"), "tier": (None, 1)})


def test_the_same_again_changes_nothing() -> None:
    before = held(name="Cart", tags=["a"], needs={"db": TEAM_FILE})
    done = planned(before, cart(name="Cart", tags=("a",), needs={"db": ""}), ParsedService("db"))
    assert done.of(What.UNCHANGED) == ["cart"]
    assert done.changes[0].upheld | done.changes[0].upheld_needs == {"name", "tags", "db"}


def test_what_is_no_longer_said_is_taken_back_by_whom_said_it() -> None:
    assert planned(held(tier=1), cart()).changes[0].fields == {"tier": (1, None)}
    assert planned(held(tier=1), cart(), teller=Teller(FILE, "other")).of(What.CHANGED) == []


def test_people_are_believed_more_than_files_and_that_is_said() -> None:
    done = planned(held(tier=1, told={"tier": ALICE}), cart(tier=2))
    assert done.of(What.UNCHANGED) == ["cart"]
    assert done.conflicts == ("cart: tier stays 1, set by alice; the import says 2",)


def test_files_are_believed_more_than_what_was_seen() -> None:
    assert planned(held(SEEN, name="cart"), cart(name="Cart")).changes[0].fields == {"name": ("cart", "Cart")}
    for teller in (SEEN, Teller(KUBERNETES, "dump")):
        done = planned(held(name="Cart"), cart(name="cart"), teller=teller)
        assert (done.of(What.UNCHANGED), done.conflicts) == (["cart"], ())


def test_what_an_import_no_longer_has_is_removed_unless_people_edited_it() -> None:
    assert planned(held(name="Cart")).of(What.REMOVED) == ["cart"]
    assert planned(held(name="Cart"), teller=Teller(FILE, "other")).changes == ()
    kept = planned(held(name="Cart", told={"name": ALICE}))
    assert (kept.changes, kept.conflicts) == ((), ("cart: stays, edited by alice; the import no longer has it",))


def test_needs_come_and_go() -> None:
    [change, _] = planned(
        held(needs={"db": TEAM_FILE, "mail": ALICE}), cart(needs={"q": "why"}), ParsedService("q")
    ).changes
    assert (change.needs, change.needs_no_more) == ({"q": "why"}, ("db",))


def test_a_need_of_something_unknown_is_left_out_and_said() -> None:
    done = planned(None, cart(needs={"nobody": ""}))
    assert done.changes[0].needs == {}
    assert done.notes == ("cart needs nobody, which is not described: left out",)


def test_a_need_that_people_forgot_does_not_come_back() -> None:
    done = planned(held(needs={"db": None}), cart(needs={"db": ""}), ParsedService("db"))
    assert done.of(What.UNCHANGED) == ["cart"]
    assert done.conflicts == ("cart: needs db, the import says; people said no",)


def test_a_service_that_people_forgot_comes_back_with_a_file_but_not_by_being_seen() -> None:
    before = Held("cart", SEEN, {}, is_forgotten=True)
    assert planned(before, cart(), teller=SEEN).changes == ()
    assert planned(before, cart()).of(What.CREATED) == ["cart"]

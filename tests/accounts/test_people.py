"""What admins do to people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories import make_user
from tocsin.accounts import people
from tocsin.accounts.access import Role
from tocsin.accounts.people import BadPerson
from tocsin.accounts.tokens import caller, make_token

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_somebody_is_added_with_a_role_or_without() -> None:
    assert people.add("bob", "responder", people.new_password()).role == Role.RESPONDER
    assert people.add("carol", "none", people.new_password()).role == ""


def test_somebody_without_a_password_can_not_log_in_yet() -> None:
    made = people.add_without_password("bob", "viewer", "bob@shop.example")
    assert (made.email, made.has_usable_password()) == ("bob@shop.example", False)
    with pytest.raises(BadPerson, match="already exists"):
        people.add_without_password("bob", "viewer", "")


@pytest.mark.parametrize(
    ("name", "role", "password", "why"),
    [
        ("Tocsin", "viewer", "correct horse", "choose another name"),
        ("a b", "viewer", "correct horse", "valid username"),
        ("alice", "viewer", "correct horse", "already exists"),
        ("bob", "boss", "correct horse", "is no role"),
        ("bob", "viewer", "short", "too short"),
    ],
)
def test_what_can_not_be_is_said(name: str, role: str, password: str, why: str) -> None:
    make_user("alice")
    with pytest.raises(BadPerson, match=why):
        people.add(name, role, password)


def test_the_last_admin_stays_one() -> None:
    root = make_user("root", Role.ADMIN)
    with pytest.raises(BadPerson, match="last admin"):
        people.set_role(root.pk, "viewer")
    with pytest.raises(BadPerson, match="last admin"):
        people.deactivate(root.pk, NOW)
    make_user("other", Role.ADMIN)
    assert people.set_role(root.pk, "viewer").role == Role.VIEWER


def test_an_admin_who_was_shut_out_does_not_count() -> None:
    root, other = make_user("root", Role.ADMIN), make_user("other", Role.ADMIN)
    people.deactivate(other.pk, NOW)
    with pytest.raises(BadPerson, match="last admin"):
        people.deactivate(root.pk, NOW)


def test_who_comes_back_does_so_without_their_tokens() -> None:
    person = make_user("bob")
    _, text = make_token(person, "laptop", Role.RESPONDER, NOW, None)
    people.deactivate(person.pk, NOW)
    people.activate(person.pk)
    person.refresh_from_db()
    assert person.is_active
    assert caller(text, NOW) is None

"""Members of projects."""

from __future__ import annotations

import pytest

from tests.factories import make_environment, make_user
from tocsin.accounts.access import ALL, Access, Role
from tocsin.catalog.memberships import BadMembership, Membership, access_of, give, people
from tocsin.catalog.models import Project

pytestmark = pytest.mark.django_db
ADMIN = Access.of("admin")


@pytest.fixture
def shop() -> Project:
    return make_environment().project


def test_who_may_is_read_from_the_database(shop: Project) -> None:
    bob = make_user("bob", "")
    assert access_of(bob).highest is None
    give(shop.pk, bob.pk, "responder", giver=ADMIN)
    assert access_of(bob).role_in(shop.pk) == Role.RESPONDER
    assert access_of(bob, Role.VIEWER).role_in(shop.pk) == Role.VIEWER


def test_without_a_role_somebody_is_no_member_any_more(shop: Project) -> None:
    bob = make_user("bob", "")
    give(shop.pk, bob.pk, "viewer", giver=ADMIN)
    give(shop.pk, bob.pk, "", giver=ADMIN)
    assert not Membership.objects.exists()


def test_nobody_gives_or_takes_more_than_they_may(shop: Project) -> None:
    bob, manager = make_user("bob", ""), Access.of("", [(shop.pk, "manager")])
    give(shop.pk, bob.pk, "manager", giver=manager)
    with pytest.raises(BadMembership, match="at most what you may"):
        give(shop.pk, bob.pk, "admin", giver=manager)
    give(shop.pk, bob.pk, "admin", giver=ADMIN)
    with pytest.raises(BadMembership, match="this is admin"):
        give(shop.pk, bob.pk, "", giver=manager)
    with pytest.raises(BadMembership, match="at most what you may"):
        give(shop.pk, bob.pk, "viewer", giver=Access.of("responder"))


def test_those_who_may_are_found_by_role_and_by_membership(shop: Project) -> None:
    other = make_environment(project="other").project
    for name, role in (("alice", "responder"), ("victor", "viewer"), ("bob", ""), ("gone", "admin")):
        make_user(name, role)
    type(make_user("root", "admin")).objects.filter(username="gone").update(is_active=False)
    bob = people(Role.RESPONDER).model.objects.get(username="bob")
    give(shop.pk, bob.pk, "responder", giver=ADMIN)
    assert [one.username for one in people(Role.RESPONDER, [shop.pk])] == ["alice", "bob", "root"]
    assert [one.username for one in people(Role.RESPONDER, [other.pk])] == ["alice", "root"]
    assert [one.username for one in people(Role.VIEWER, ALL)] == ["alice", "bob", "root", "victor"]

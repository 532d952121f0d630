"""Roles."""

from tocsin.accounts.access import ALL, Access, Role, lesser, missing


def test_each_role_may_what_those_before_it_may() -> None:
    assert Role.ADMIN.includes(Role.VIEWER)
    assert not Role.RESPONDER.includes(Role.MANAGER)


def test_the_lesser_of_two_counts() -> None:
    assert lesser(Role.ADMIN, Role.VIEWER) == lesser(Role.VIEWER, Role.ADMIN) == Role.VIEWER


def test_what_is_missing_is_said_with_what_to_do() -> None:
    assert missing(Role.MANAGER, Role.RESPONDER) == ""
    assert "needs the role manager" in missing(Role.VIEWER, Role.MANAGER)


SHOP, PAYMENTS = 1, 2


def test_a_membership_raises_the_role_in_one_project_and_never_lowers_it() -> None:
    access = Access.of("responder", [(SHOP, "manager"), (PAYMENTS, "viewer")])
    assert access.role_in(SHOP) == Role.MANAGER
    assert access.role_in(PAYMENTS) == Role.RESPONDER
    assert access.role_in(None) == Role.RESPONDER
    assert access.highest == Role.MANAGER


def test_without_a_role_everywhere_only_memberships_count() -> None:
    access = Access.of("", [(SHOP, "responder")])
    assert access.may(Role.RESPONDER, SHOP)
    assert not access.may(Role.VIEWER, PAYMENTS)
    assert not access.may(Role.VIEWER, None)
    assert access.projects(Role.VIEWER) == frozenset({SHOP})
    assert access.projects(Role.MANAGER) == frozenset()


def test_a_role_everywhere_reaches_projects_to_come() -> None:
    access = Access.of("viewer", [(SHOP, "responder")])
    assert access.projects(Role.VIEWER) is ALL
    assert access.projects(Role.RESPONDER) == frozenset({SHOP})


def test_a_token_may_at_most_what_it_was_made_for() -> None:
    access = Access.of("admin", [(SHOP, "manager")], most=Role.VIEWER)
    assert access.role_in(SHOP) == access.role_in(None) == access.highest == Role.VIEWER
    assert access.projects(Role.RESPONDER) == frozenset()


def test_who_is_nowhere_sees_nothing() -> None:
    assert Access().highest is None
    assert Access().projects(Role.VIEWER) == frozenset()
    assert "you have none here" in missing(None, Role.VIEWER)

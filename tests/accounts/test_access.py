"""Roles."""

from tocsin.accounts.access import Role, lesser, missing


def test_each_role_may_what_those_before_it_may() -> None:
    assert Role.ADMIN.includes(Role.VIEWER)
    assert not Role.RESPONDER.includes(Role.MANAGER)


def test_the_lesser_of_two_counts() -> None:
    assert lesser(Role.ADMIN, Role.VIEWER) == lesser(Role.VIEWER, Role.ADMIN) == Role.VIEWER


def test_what_is_missing_is_said_with_what_to_do() -> None:
    assert missing(Role.MANAGER, Role.RESPONDER) == ""
    assert "needs the role manager" in missing(Role.VIEWER, Role.MANAGER)

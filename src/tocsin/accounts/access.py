"""Who may do what: roles, from looking to everything, and what a person's token may do for them. Pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """From looking to everything; each role may do what those before it may."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    MANAGER = "manager"
    ADMIN = "admin"

    def includes(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = tuple(Role)
# What a role is for, as people are told where they lack it.
MAY = {
    Role.VIEWER: "read",
    Role.RESPONDER: "work on incidents",
    Role.MANAGER: "set up how incidents come in and who hears of them",
    Role.ADMIN: "do everything, also give roles",
}


def lesser(one: Role, other: Role) -> Role:
    """The one of two roles that may less: what a token with one of them may do for a person with the other."""
    return min(one, other, key=_ORDER.index)


def missing(has: Role, needed: Role) -> str:
    """Why somebody with the role `has` can't do what needs `needed`, and what to do; empty where they can."""
    if has.includes(needed):
        return ""
    return f"This needs the role {needed}, which may {MAY[needed]}; yours is {has}. An admin can change your role."

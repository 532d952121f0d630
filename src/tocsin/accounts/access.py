"""Who may do what, and where: roles, in every project or in some, and what a person's token may do for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Literal


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


def missing(has: Role | None, needed: Role) -> str:
    """Why somebody with the role `has` can't do what needs `needed`, and what to do; empty where they can."""
    if has is not None and has.includes(needed):
        return ""
    yours = f"yours is {has}" if has else "you have none here"
    return f"This needs the role {needed}, which may {MAY[needed]}; {yours}. An admin can change your role."


class Everywhere(Enum):
    """All projects, those to come too: more than a set could say."""

    ALL = "all projects"


ALL: Literal[Everywhere.ALL] = Everywhere.ALL


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do where: a role in every project (None: none), and in some projects another, which can only be more.

    `most` is what the token that they come with may do at most.
    """

    everywhere: Role | None = None
    within: Mapping[int, Role] = field(default_factory=dict)
    most: Role = Role.ADMIN

    @classmethod
    def of(cls, role: str, memberships: Iterable[tuple[int, str]] = (), most: Role = Role.ADMIN) -> Access:
        """From a person's role as it is stored (empty: none) and their memberships: ids of projects, each with a role."""
        return cls(Role(role) if role else None, {project: Role(one) for project, one in memberships}, most)

    def role_in(self, project: int | None) -> Role | None:
        """The role in a project; None is what belongs to the installation: there only the role everywhere counts."""
        return self._greatest(self.everywhere, self.within.get(project) if project is not None else None)

    @property
    def highest(self) -> Role | None:
        """The role where they may most."""
        return self._greatest(self.everywhere, *self.within.values())

    def may(self, needed: Role, project: int | None) -> bool:
        """Whether they may do what `needed` may, in a project or (None) in the installation."""
        has = self.role_in(project)
        return has is not None and has.includes(needed)

    def projects(self, needed: Role) -> Literal[Everywhere.ALL] | frozenset[int]:
        """The projects in which they may do what `needed` may."""
        if self.may(needed, None):
            return ALL
        return frozenset(project for project in self.within if self.may(needed, project))

    def _greatest(self, *roles: Role | None) -> Role | None:
        has = [role for role in roles if role is not None]
        return lesser(max(has, key=_ORDER.index), self.most) if has else None

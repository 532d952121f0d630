"""Who is a member of which project, and as what. Django finds this table through `models`."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from tocsin.accounts.access import ALL, Access, Everywhere, Role
from tocsin.accounts.models import User


class BadMembership(ValueError):
    """A membership that can't be given as asked; the message says why."""


class Membership(models.Model):
    """A person's role in one project. It counts where it is more than their role everywhere."""

    project = models.ForeignKey("catalog.Project", models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.TextField(choices=[(role.value, role.value) for role in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="membership_once")]


def access_of(user: User, most: Role = Role.ADMIN) -> Access:
    """What a person may do where; `most`: at most, as the token that they come with says."""
    if user.role == Role.ADMIN:  # nothing can be more
        return Access.of(user.role, most=most)
    return Access.of(user.role, Membership.objects.filter(user=user).values_list("project", "role"), most)


def people(needed: Role, projects: Everywhere | Iterable[int] = ALL) -> QuerySet[User]:
    """The active people, by name, who may do what `needed` may in one of these projects (ALL: in any)."""
    enough = [role.value for role in Role if role.includes(needed)]
    members = Membership.objects.filter(role__in=enough)
    if not isinstance(projects, Everywhere):
        members = members.filter(project__in=projects if isinstance(projects, QuerySet) else list(projects))
    may = Q(role__in=enough) | Q(pk__in=members.values("user"))
    return User.objects.filter(may, is_active=True).order_by("username")


def give(project_id: int, user_id: int, role: str, *, giver: Access) -> None:
    """Makes somebody a member of a project, or changes what they may there; without a role they are none any more.

    `giver` is who says so, who has to be a manager there. Raises BadMembership where that is more than they may.
    """
    has = giver.role_in(project_id)
    held = Membership.objects.filter(project=project_id, user=user_id)
    for other in filter(None, (role, *held.values_list("role", flat=True))):
        if has is None or not has.includes(Role.MANAGER) or not has.includes(Role(other)):
            raise BadMembership(f"You can give and take at most what you may yourself, and this is {other}.")
    if role:
        Membership.objects.update_or_create(project_id=project_id, user_id=user_id, defaults={"role": role})
    else:
        held.delete()

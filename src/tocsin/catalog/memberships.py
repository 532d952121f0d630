"""Who is a member of which project, and as what. Django finds this table through `models`."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from tocsin.accounts.access import ALL, Access, Everywhere, Role
from tocsin.accounts.models import User


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
        members = members.filter(project__in=list(projects))
    may = Q(role__in=enough) | Q(pk__in=members.values("user"))
    return User.objects.filter(may, is_active=True).order_by("username")

"""Whose a schedule or a policy is that is made on a page: a project's, or everybody's; and whom it may name."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from tocsin.accounts.access import ALL, Everywhere, Role
from tocsin.catalog.models import Project
from tocsin.oncall.escalations import EscalationPolicy
from tocsin.oncall.models import Schedule
from tocsin.web.scope import access_at, visible


def chosen_project(request: HttpRequest, slug: str, refusal: type[Exception]) -> int | None:
    """The project that something new is for; None for all. Raises `refusal` where its maker sees no such project."""
    if not slug:
        return None
    found = visible(request, Project.objects.filter(slug=slug)).first()
    if found is None:
        raise refusal("There is no such project (any more).")
    return found.pk


def projects_of(request: HttpRequest, row: Schedule | EscalationPolicy | None) -> Everywhere | Iterable[int]:
    """The projects whose people may be named: that of the row, or those that whoever makes a new one may manage."""
    if row is None:
        return access_at(request).projects(Role.MANAGER)
    return ALL if row.project_id is None else [row.project_id]

"""Who is asking, and whether they may change anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tocsin.accounts.access import ALL, Everywhere, Role
from tocsin.accounts.models import User
from tocsin.catalog.memberships import people
from tocsin.incidents.models import Incident
from tocsin.web.scope import require

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reader(request: HttpRequest) -> User:
    """The person who is logged in; the login middleware lets nobody else reach a page."""
    assert isinstance(request.user, User)
    return request.user


def nobody() -> bool:
    """Whether there is nobody yet who could log in."""
    return not User.objects.filter(is_active=True).exists()


def responders(projects: Everywhere | Iterable[int] = ALL) -> list[User]:
    """Whom an incident of (one of) these projects can be given to, by name."""
    return list(people(Role.RESPONDER, projects))


def responders_to(incident: int) -> list[User]:
    """Whom one incident can be given to, by name: those who may work on it."""
    return responders(Incident.objects.filter(pk=incident).values_list("environment__project", flat=True))


def for_responders(view: View[P]) -> View[P]:
    """A view that changes an incident: by POST, and not for viewers, who get the 403 page."""
    return require_POST(_for(Role.RESPONDER, view))


def for_managers(view: View[P]) -> View[P]:
    """A view for those who set things up: managers and admins; others get the 403 page."""
    return _for(Role.MANAGER, view)


def for_admins(view: View[P]) -> View[P]:
    """A view for those who say who may do what; others get the 403 page."""
    return _for(Role.ADMIN, view)


def _for(needed: Role, view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        require(request, needed)
        return view(request, *args, **kwargs)

    return guarded


def may_manage(request: HttpRequest) -> bool:
    """Whether this person may set up how signals come in, where the request looks."""
    return reader(request).may(Role.MANAGER)

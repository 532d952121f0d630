"""Who is asking, and whether they may change anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tocsin.accounts.access import missing
from tocsin.accounts.models import Role, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reader(request: HttpRequest) -> User:
    """The person who is logged in; the login middleware lets nobody else reach a page."""
    assert isinstance(request.user, User)
    return request.user


def nobody() -> bool:
    """Whether there is nobody yet who could log in."""
    return not User.objects.filter(is_active=True).exists()


def responders() -> list[User]:
    """Whom an incident can be given to, by name."""
    return list(User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("username"))


def for_responders(view: View[P]) -> View[P]:
    """A view that changes an incident: by POST, and not for viewers, who get the 403 page."""

    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not reader(request).may_respond:
            raise PermissionDenied(
                "Your role is viewer: you can read incidents but not change them. An admin can change your role."
            )
        return view(request, *args, **kwargs)

    return guarded


def may_manage(request: HttpRequest) -> bool:
    """Whether this person may set up how signals come in."""
    return Role(reader(request).role).includes(Role.MANAGER)


def for_managers(view: View[P]) -> View[P]:
    """A view for those who set things up: managers and admins; others get the 403 page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        lacking = missing(Role(reader(request).role), Role.MANAGER)
        if lacking:
            raise PermissionDenied(lacking)
        return view(request, *args, **kwargs)

    return guarded

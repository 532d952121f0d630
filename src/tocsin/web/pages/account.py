"""A person's own page: who they are, their password, and the tokens with which their programs act for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tocsin.accounts.access import MAY, Role
from tocsin.accounts.models import ApiToken, User
from tocsin.accounts.tokens import BadToken, make_token
from tocsin.catalog.memberships import Membership
from tocsin.web.pages.people import reader
from tocsin.web.scope import access_at

# How long a new token may live, in days; 0: until it is revoked.
LIVES = {"90": "90 days", "365": "a year", "0": "until it is revoked"}
DAYS = {chosen: int(chosen) for chosen in LIVES}


def page(request: HttpRequest) -> HttpResponse:
    """GET /account."""
    return _shown(request)


@never_cache
@require_POST
def add_token(request: HttpRequest) -> HttpResponse:
    """POST name, scope, days: a new token. The answer shows it, and nothing ever does again."""
    asked = request.POST
    try:
        scope, days = Role(asked.get("scope", "")), DAYS[asked.get("days", "")]
        lives = timedelta(days=days) if days else None
        highest = access_at(request).highest
        made, text = make_token(reader(request), asked.get("name", ""), scope, timezone.now(), lives, highest)
    except (BadToken, ValueError, KeyError) as refusal:
        why = str(refusal) if isinstance(refusal, BadToken) else "Choose what it may do and how long it lives."
        return _shown(request, status=400, refused={"form": "token", "message": why, "name": asked.get("name", "")})
    return _shown(request, made=made, text=text)


@require_POST
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    """POST: a token of one's own ends now."""
    if not ApiToken.objects.filter(pk=token, user=reader(request), revoked_at=None).update(revoked_at=timezone.now()):
        raise Http404("There is no such token.")
    return HttpResponseRedirect(reverse("account") + "#tokens")


@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """POST old_password, new_password1, new_password2: another password; other sessions of this person end."""
    form = PasswordChangeForm(reader(request), request.POST)
    if not form.is_valid():
        message = " ".join(str(each) for errors in form.errors.values() for each in errors)
        return _shown(request, status=400, refused={"form": "password", "message": message})
    update_session_auth_hash(request, form.save())
    return _shown(request, changed=True)


def _shown(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    person = reader(request)
    own = access_at(request).highest
    context = {
        "tokens": ApiToken.objects.filter(user=person, revoked_at=None).order_by("-id"),
        "scopes": [(role, MAY[role]) for role in Role if own and own.includes(role)],
        "lives": LIVES,
        "may": MAY[Role(person.role)] if person.role else "",
        "memberships": [(one, MAY[Role(one.role)]) for one in _memberships(person)],
        "now": timezone.now(),
    }
    return render(request, "account.html", context | more, status=status)


def _memberships(person: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=person).select_related("project").order_by("project__slug")

"""The delivery log: every message, to whom, why, how far it is, and what each try came to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.notifications import log, store
from tocsin.notifications.models import Channel, Message
from tocsin.web.pages.addresses import row_number
from tocsin.web.scope import access_at, require, visible

PAGE = 50


def index(request: HttpRequest) -> HttpResponse:
    """GET /messages[?state=…&channel=…&incident=…&before=…]: messages, newest first.

    Whoever has a role in some projects sees what was said about their incidents.
    """
    require(request, Role.VIEWER)
    asked = request.GET.get("state", "")
    state = asked if asked in Message.State.values else ""
    numbers = {name: row_number(request.GET.get(name, "")) for name in ("channel", "incident", "before")}
    rows = list(log.sought(visible(request, Message.objects.all()), state=state, **numbers)[: PAGE + 1])
    context = {
        "messages": [(row, log.title_of(row)) for row in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "states": Message.State.values,
        "state": state,
        "channels": _channels(request),
        "channel": numbers["channel"],
        "incident": numbers["incident"],
    }
    return render(request, "messages.html", context)


def _channels(request: HttpRequest) -> list[Channel]:
    """Channels to choose from: those that there are, for whoever may know of all of them."""
    return store.in_use() if access_at(request).may(Role.VIEWER, None) else []


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /messages/ID: one message, in full."""
    require(request, Role.VIEWER)
    message = get_object_or_404(Message.objects.select_related("channel", "incident", "user"), pk=number)
    told = log.in_full(message, is_of_all=access_at(request).may(Role.VIEWER, None))
    context = {
        "message": message,
        "headline": log.title_of(message),
        "text": told.text,
        "attempts": told.attempts,
        "before_it": log.before_it(message),
        "now": timezone.now(),
    }
    return render(request, "message.html", context)

"""The delivery log: every message, to whom, why, how far it is, and what each try came to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tocsin.accounts.access import Role
from tocsin.notifications import outbox, store
from tocsin.notifications.models import Attempt, Message
from tocsin.notifications.notice import headline, lines
from tocsin.web.pages.addresses import row_number
from tocsin.web.scope import require

PAGE = 50


def index(request: HttpRequest) -> HttpResponse:
    """GET /settings/messages[?state=…&channel=…&incident=…&before=…]: messages, newest first."""
    require(request, Role.VIEWER)
    asked = {name: request.GET.get(name, "") for name in ("state", "channel", "incident", "before")}
    state = asked["state"] if asked["state"] in Message.State.values else ""
    numbers = {name: row_number(asked[name]) for name in ("channel", "incident", "before") if asked[name]}
    wanted: dict[str, Any] = {"state": state, "channel": numbers.get("channel"), "incident": numbers.get("incident")}
    wanted["pk__lt"] = numbers.get("before")
    found = Message.objects.select_related("channel", "incident", "user")
    found = found.filter(**{name: value for name, value in wanted.items() if value}).order_by("-id")
    rows = list(found[: PAGE + 1])
    context = {
        "messages": [(row, headline(outbox.notice_of(row))) for row in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "states": Message.State.values,
        "state": state,
        "channels": store.in_use(),
        "channel": numbers.get("channel"),
        "incident": numbers.get("incident"),
    }
    return render(request, "messages.html", context)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /settings/messages/ID: one message, in full."""
    require(request, Role.VIEWER)
    message = get_object_or_404(Message.objects.select_related("channel", "incident", "user"), pk=number)
    notice = outbox.notice_of(message)
    context = {
        "message": message,
        "headline": headline(notice),
        "text": "\n".join(lines(notice)),
        "attempts": Attempt.objects.filter(message=message).order_by("id"),
    }
    return render(request, "message.html", context)

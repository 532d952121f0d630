"""One incident: what is broken, how bad, since when, who has it, why, and what to type."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("")


live = status = severity = assignee = note = investigate = page


def evidence(request: HttpRequest, number: int, ordinal: int) -> HttpResponse:
    return HttpResponse("")


def signal(request: HttpRequest, signal: int) -> HttpResponse:
    return HttpResponse("")

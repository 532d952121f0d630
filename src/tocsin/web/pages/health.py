"""How each part of this installation does: since when, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.accounts.access import Role
from tocsin.ground import database
from tocsin.web.scope import require
from tocsin.workflows import health, signs


def page(request: HttpRequest) -> HttpResponse:
    """GET /settings/health."""
    require(request, Role.VIEWER)
    found = health.look(database.now())
    context = {"signs": found, "worst": signs.worst(found), "processes": health.processes()}
    return render(request, "health.html", context)

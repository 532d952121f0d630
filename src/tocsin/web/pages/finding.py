"""What the command palette finds while somebody types: a few incidents and services."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.catalog.services import Service
from tocsin.incidents import listing, matrices
from tocsin.incidents.listing import page
from tocsin.incidents.models import Incident
from tocsin.incidents.search import BadSearch, read
from tocsin.web.pages.people import reader
from tocsin.web.scope import visible

MOST = 6
LONGEST = 200


def find(request: HttpRequest) -> HttpResponse:
    """GET /find?q=…: options of the palette. A search that can't be understood (yet) finds nothing."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    context = {"incidents": _incidents(request, typed), "services": _services(request, typed)} if typed else {}
    return render(request, "parts/found.html", context)


def _incidents(request: HttpRequest, typed: str) -> Sequence[Incident]:
    try:
        asked = read({"q": [typed], "view": ["all"]}, matrices.scale())
        incidents, person = visible(request, listing.rows()), reader(request).username
        return page(asked, incidents, MOST, person=person, now=timezone.now()).incidents
    except BadSearch:
        return ()


def _services(request: HttpRequest, typed: str) -> list[Service]:
    named = Q(name__icontains=typed) | Q(slug__icontains=typed)
    begins = Case(When(Q(name__istartswith=typed) | Q(slug__istartswith=typed), then=0), default=1)
    found = visible(request, Service.objects.filter(named, forgotten_at=None)).select_related("project")
    return list(found.order_by(begins, "name", "pk")[:MOST])

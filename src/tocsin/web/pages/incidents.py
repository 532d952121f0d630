"""The list of incidents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.incidents.models import Incident


def index(request: HttpRequest) -> HttpResponse:
    """GET /: the newest incidents."""
    incidents = Incident.objects.select_related("environment__project", "assignee").order_by("-id")[:50]
    return render(request, "incidents.html", {"incidents": incidents})

"""The list of incidents."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.incidents.models import Incident
from tocsin.investigation.models import StoredReport
from tocsin.web.pages.analysis import newest_reports

PAGE = 50
VIEWS = ("active", "resolved", "all")
# A number that no id reaches; a larger one would not fit into the database's column.
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """An incident with the newest report on it."""

    incident: Incident
    report: StoredReport | None


def index(request: HttpRequest) -> HttpResponse:
    """GET /?view=active|resolved|all&before=N: incidents, newest first, fifty at a time."""
    view, before = request.GET.get("view", "active"), request.GET.get("before", "")
    if view not in VIEWS or not (before == "" or (before.isdecimal() and int(before) <= LARGEST_ID)):
        raise Http404("There is no such view of the incidents.")
    found = list(_view(view, int(before) if before else None)[: PAGE + 1])
    reports = newest_reports([incident.pk for incident in found[:PAGE]])
    context = {
        "view": view,
        "views": VIEWS,
        "before": before,
        "rows": [Row(incident, reports.get(incident.pk)) for incident in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "now": timezone.now(),
    }
    return render(request, "incidents.html", context)


def _view(view: str, before: int | None) -> QuerySet[Incident]:
    incidents = Incident.objects.select_related("environment__project", "assignee").order_by("-id")
    if before is not None:
        incidents = incidents.filter(id__lt=before)
    is_open = {"resolved_at": None, "closed_at": None}  # as the index over open incidents has it
    if view == "active":
        return incidents.filter(**is_open)
    return incidents.exclude(**is_open) if view == "resolved" else incidents

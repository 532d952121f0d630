"""The list of incidents."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.incidents.models import Incident
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.analysis import Verdict, newest_verdicts
from tocsin.web.pages.intake import intake
from tocsin.web.pages.triage import Deadline, deadline_of

PAGE = 50
VIEWS = ("active", "resolved", "all")


@dataclass(frozen=True, slots=True)
class Row:
    """An incident with what the newest report on it says, and the clock of its acknowledgement."""

    incident: Incident
    report: Verdict | None
    deadline: Deadline | None


def index(request: HttpRequest) -> HttpResponse:
    """GET /?view=active|resolved|all&before=N: incidents, newest first, fifty at a time."""
    view, before = request.GET.get("view", "active"), request.GET.get("before", "")
    below = row_number(before)
    if view not in VIEWS or (before and below is None):
        raise Http404("There is no such view of the incidents.")
    found = list(_view(view, below)[: PAGE + 1])
    reports = newest_verdicts([incident.pk for incident in found[:PAGE]])
    now = timezone.now()
    came_in = intake(now)
    context = {
        "view": view,
        "views": VIEWS,
        "before": before,
        "rows": [Row(incident, reports.get(incident.pk), deadline_of(incident, now)) for incident in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "intake": came_in,
        "intake_state": came_in.state(now),
        "now": now,
    }
    return render(request, "incidents.html", context)


def _view(view: str, before: int | None) -> QuerySet[Incident]:
    incidents = Incident.objects.select_related("environment__project", "assignee", "assessment").order_by("-id")
    if before is not None:
        incidents = incidents.filter(id__lt=before)
    is_open = {"resolved_at": None, "closed_at": None}  # as the index over open incidents has it
    if view == "active":
        return incidents.filter(**is_open)
    return incidents.exclude(**is_open) if view == "resolved" else incidents

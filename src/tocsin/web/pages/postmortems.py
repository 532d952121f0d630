"""The list of postmortems: those to be written, with the time left, those to be read, and those that are complete."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.states import State
from tocsin.web.scope import visible

MOST = 200
VIEWS = {
    "pending": (State.PENDING, State.IN_PROGRESS),
    "in review": (State.IN_REVIEW,),
    "complete": (State.COMPLETE,),
}


def index(request: HttpRequest) -> HttpResponse:
    """GET /postmortems?view=pending|in review|complete: what is due first comes first; what was completed last, first."""
    view = request.GET.get("view") or next(iter(VIEWS))
    if view not in VIEWS:
        raise Http404("There is no such view of the postmortems.")
    found, now = visible(request, in_view(view)), timezone.now()
    context = {
        "view": view,
        "views": [(name, visible(request, in_view(name)).count()) for name in VIEWS],
        "rows": [(row, row.completed_at is None and now >= row.due_at) for row in found[:MOST]],
        "most": MOST,
        "now": now,
    }
    return render(request, "postmortems.html", context)


def in_view(view: str) -> QuerySet[Postmortem]:
    """The postmortems of a view, in its order."""
    rows = Postmortem.objects.select_related("incident__environment__project", "owner").filter(state__in=VIEWS[view])
    return rows.order_by("-completed_at", "-pk") if view == "complete" else rows.order_by("due_at", "pk")

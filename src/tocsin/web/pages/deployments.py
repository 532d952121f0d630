"""The list of deployments."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.alerts.runs import Outcome
from tocsin.deployments.models import Deployment
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.web.pages.addresses import row_number
from tocsin.web.scope import visible

PAGE = 50
VIEWS = ("all", "failed")
# What went well, or was ended by those who began it.
_UNTROUBLED = (Outcome.SUCCEEDED, Outcome.CANCELLED)


@dataclass(frozen=True, slots=True)
class Row:
    """A run with the incidents that it belongs to."""

    deployment: Deployment
    incidents: list[Incident]


def index(request: HttpRequest) -> HttpResponse:
    """GET /deployments?view=all|failed&like=N&before=N: runs, newest first, fifty at a time; `like`: of the same thing."""
    view, before, like = (request.GET.get(name, "") for name in ("view", "before", "like"))
    below, model = row_number(before), _model(request, like)
    if (view and view not in VIEWS) or (before and below is None) or (like and model is None):
        raise Http404("There is no such view of the deployments.")
    found = list(visible(request, _found(view or VIEWS[0], below, model))[: PAGE + 1])
    shown = found[:PAGE]
    incidents = incidents_of(shown)
    context = {
        "view": view or VIEWS[0],
        "views": VIEWS,
        "before": before,
        "like": model,
        "rows": [Row(run, incidents.get(run.pk, [])) for run in shown],
        "next": shown[-1].pk if len(found) > PAGE else None,
        "now": timezone.now(),
    }
    return render(request, "deployments.html", context)


def incidents_of(deployments: list[Deployment]) -> dict[int, list[Incident]]:
    """The incidents that each of these runs belongs to, newest first."""
    links = (
        IncidentDeployment.objects.filter(deployment__in=deployments).select_related("incident").order_by("-incident")
    )
    found: dict[int, list[Incident]] = {}
    for link in links:
        found.setdefault(link.deployment_id, []).append(link.incident)
    return found


def _model(request: HttpRequest, like: str) -> Deployment | None:
    number = row_number(like)
    return visible(request, Deployment.objects.filter(pk=number)).first() if number is not None else None


def _found(view: str, below: int | None, like: Deployment | None) -> QuerySet[Deployment]:
    runs = Deployment.objects.select_related("environment__project").order_by("-id")
    if below is not None:
        runs = runs.filter(id__lt=below)
    if like is not None:
        same = {"configuration": like.configuration, "workspace": like.workspace}
        runs = runs.filter(environment=like.environment_id, **same)
    return runs.exclude(outcome__in=_UNTROUBLED) if view == "failed" else runs

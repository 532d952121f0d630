"""One deployment: how it ended, what it would change, what policies and the price list say, what it printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from tocsin.alerts.runs import Outcome
from tocsin.deployments import texts
from tocsin.deployments.models import Deployment, DriftNoise, Part
from tocsin.deployments.terraform.cost import Cost
from tocsin.deployments.terraform.plan import Plan
from tocsin.ground.edits import BadEdit
from tocsin.incidents.models import IncidentDeployment
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.incident import Refused
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.pages.planned import Planned, PlanView, plan_view
from tocsin.web.pages.stored_run import output_of, plan_of, section_of
from tocsin.web.pages.verdicts import verdicts
from tocsin.web.pages.writing import texts_of

# What to read first of a run that ended so.
ORDER: Mapping[str, tuple[str, ...]] = {
    Outcome.SUCCEEDED: ("plan", "drift", "policies", "output"),
    Outcome.BLOCKED: ("policies", "plan", "output", "drift"),
    Outcome.DRIFTED: ("drift", "plan", "policies", "output"),
}
OTHERWISE = ("output", "plan", "policies", "drift")


@dataclass(frozen=True, slots=True)
class Drifted:
    """What was changed outside: where, why that counts or which rule ignores it, and how it differs where a plan tells."""

    address: str
    why: str
    ignored_by: str
    change: Planned | None


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /deployments/N: the whole page."""
    return show(request, number)


def show(request: HttpRequest, number: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    """The page, also after a text was refused: then with the reason and what was typed."""
    run = _find(number)
    section = section_of(run.pk)
    plan = plan_of(section) if section else None
    view = plan_view(plan) if isinstance(plan, Plan) else None
    drift = _drift(run, view)
    links = IncidentDeployment.objects.filter(deployment=run).select_related("incident").order_by("-incident")
    context = {
        "deployment": run,
        "parts": [f"parts/deployment_{name}.html" for name in ORDER.get(run.outcome, OTHERWISE)],
        "section": section,
        "plan": view,
        "plan_problem": plan if isinstance(plan, str) else "",
        "drift": drift,
        "noise": _noise(run) if drift else [],
        "cost": _cost(run),
        "policies": verdicts(run.policies),
        "output": output_of(run.pk),
        "texts": texts_of(run),
        "refused": refused,
        "links": list(links),
        "reader": reader(request),
        **_neighbours(run),
    }
    return render(request, "deployment.html", context, status=status)


@for_responders
def write(request: HttpRequest, number: int, part: Part) -> HttpResponse:
    """POST text, version: how to go back from this run, or what was learned from it; and which version was edited."""
    text, version = request.POST.get("text", ""), row_number(request.POST.get("version", "")) or 0
    try:
        texts.keep(number, part, text, version=version, author=reader(request).username, now=timezone.now())
    except Deployment.DoesNotExist as error:
        raise Http404("There is no such deployment.") from error
    except BadEdit as refusal:
        return show(request, number, Refused(part, str(refusal), {"text": text}), HTTPStatus.BAD_REQUEST)
    return HttpResponseRedirect(reverse("deployment", args=[number]) + f"#{part}")


def _find(number: int) -> Deployment:
    return get_object_or_404(Deployment.objects.select_related("environment__project", "source"), pk=number)


def _noise(run: Deployment) -> list[DriftNoise]:
    """What is known to mean nothing where this was run: all other drift counts."""
    return list(DriftNoise.objects.filter(Q(environment=None) | Q(environment=run.environment_id)).order_by("id"))


def _cost(run: Deployment) -> Cost | None:
    """The estimate; None where there is none, or another version wrote it."""
    try:
        return msgspec.convert(run.cost, Cost) if run.cost else None
    except msgspec.ValidationError:
        return None


def _neighbours(run: Deployment) -> dict[str, Any]:
    """The runs of the same thing before and after this one."""
    same = Deployment.objects.filter(
        Q(environment=run.environment_id, configuration=run.configuration, workspace=run.workspace)
    )
    return {
        "earlier": same.filter(id__lt=run.pk).order_by("-id").first(),
        "later": same.filter(id__gt=run.pk).order_by("id").first(),
    }


def _drift(run: Deployment, view: PlanView | None) -> list[Drifted]:
    """Drift that counts first. Without the sender's own list it is the plan's."""
    planned = view.drift if view else {}
    told = [each for each in run.drift if isinstance(each, dict) and isinstance(each.get("address"), str)]
    rows = [
        Drifted(
            each["address"], str(each.get("why") or ""), str(each.get("ignored_by") or ""), planned.get(each["address"])
        )
        for each in told
    ]
    listed = {row.address for row in rows}
    rows += [Drifted(address, "", "", change) for address, change in planned.items() if address not in listed]
    return sorted(rows, key=lambda row: (bool(row.ignored_by), row.address))

"""The severity matrix: what each severity calls for, for the installation and for projects that have their own."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.catalog.calendar import WEEKDAYS, NeverOpen
from tocsin.catalog.models import Project
from tocsin.incidents import matrices
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import SeverityMatrix
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.clock import due
from tocsin.incidents.triage.matrix import BadMatrix, Hours, Matrix, parse, written
from tocsin.incidents.triage.scale import Scale, shown
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import may_manage, reader
from tocsin.web.scope import require, visible

MOST_VERSIONS = 10
# How a document names what is wrong in it: levels.high.acknowledge, calendar.zone; and how the form says the same.
_FIELD = re.compile(r"(?:levels\.(?P<severity>\w+)|calendar)\.(?P<field>\w+)(?=:)")
_FIELDS = {"acknowledge": "acknowledge within", "hours": "counted", "zone": "time zone", "days": "business days"}
# A day, then its name, on each line.
_HOLIDAY = re.compile(r"(\S+)\s*(.*)")


def page(request: HttpRequest, slug: str = "") -> HttpResponse:
    """GET /settings/severity, /settings/severity/PROJECT: the matrix; POST: a new version of it, by managers.

    POST scale, zone, day…, from, to, holidays, and for each severity acknowledge-, hours-, notify-, conduct-; version, the
    one that was changed; follow, where a project is to follow the installation again.
    """
    project = None if not slug else Project.objects.filter(slug=slug).first()
    if slug and project is None:
        raise Http404("There is no such project.")
    if request.method == "POST":
        return _keep(request, project)
    return _show(request, project, written(_matrix(project)))


def _matrix(project: Project | None) -> Matrix:
    return matrices.installation_matrix() if project is None else matrices.matrix_of(project.pk)


def _keep(request: HttpRequest, project: Project | None) -> HttpResponse:
    require(request, Role.MANAGER)
    document = _typed(request)
    seen = row_number(request.POST.get("version", "")) or 0
    try:
        matrix = None if "follow" in request.POST and project is not None else parse(document)
        matrices.keep(
            project.pk if project else None, matrix, seen=seen, author=reader(request).username, now=timezone.now()
        )
    except (BadMatrix, BadChange) as refusal:
        return _show(request, project, document, _on_the_form(str(refusal)), status=400)
    return HttpResponseRedirect(request.path)


def _on_the_form(refusal: str) -> str:
    """A refusal that names its field as the form does, not as the document."""
    found = _FIELD.match(refusal)
    if not found:
        return refusal
    field = _FIELDS.get(found["field"], found["field"])
    where = f"{shown(found['severity'], matrices.scale())}: {field}" if found["severity"] else field
    return f"{where[0].upper()}{where[1:]}{refusal[found.end() :]}"


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed into the form, as a document."""
    typed = request.POST
    levels = {
        severity.value: {
            "acknowledge": " ".join(typed.get(f"acknowledge-{severity}", "").split()).lower(),
            "hours": typed.get(f"hours-{severity}", Hours.ALWAYS),
            "notify": [name.strip() for name in typed.get(f"notify-{severity}", "").split(",") if name.strip()],
            "conduct": typed.get(f"conduct-{severity}", ""),
        }
        for severity in Severity
    }
    lines = [line.strip() for line in typed.get("holidays", "").splitlines() if line.strip()]
    holidays = [found for line in lines if (found := _HOLIDAY.fullmatch(line))]
    calendar = {
        "zone": typed.get("zone", "").strip(),
        "days": typed.getlist("day"),
        "from": typed.get("from", ""),
        "to": typed.get("to", ""),
        "holidays": {found[1]: found[2] for found in holidays},
    }
    return {"scale": typed.get("scale", Scale.WORDS), "levels": levels, "calendar": calendar}


def _show(
    request: HttpRequest, project: Project | None, document: dict[str, Any], refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    versions = SeverityMatrix.objects.filter(project=project).order_by("-version")[:MOST_VERSIONS]
    matrix, newest = _matrix(project), matrices.newest(project.pk if project else None)
    holidays = document["calendar"]["holidays"]
    context = {
        "project": project,
        "projects": visible(request, Project.objects.order_by("slug")),
        "rows": [(severity, document["levels"][severity], _due(severity, now, matrix)) for severity in Severity],
        "calendar": document["calendar"],
        "days": WEEKDAYS,
        "holidays": "\n".join(f"{day} {name}".strip() for day, name in holidays.items()),
        "hours": list(Hours),
        "scale": document["scale"],
        "scales": [(scale, " · ".join(shown(severity, scale) for severity in Severity)) for scale in Scale],
        "version": newest.version if newest else 0,
        "has_own": bool(project and newest and newest.document),
        "versions": versions,
        "refusal": refusal,
        "may_change": may_manage(request),
        "now": now,
    }
    return render(request, "severity.html", context, status=status)


def _due(severity: Severity, now: datetime, matrix: Matrix) -> datetime | None:
    """When an incident that opens now would be due: makes the calendar's effect visible."""
    try:
        return due(severity, now, matrix)
    except NeverOpen:
        return None

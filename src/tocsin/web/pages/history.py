"""Every version of a text that people edit: who wrote it when, and what differs from the version before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from tocsin.deployments import texts
from tocsin.deployments.models import Deployment, Part
from tocsin.incidents.models import Incident
from tocsin.investigation.runbooks import of_incident, of_service
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.sections import Section
from tocsin.web.pages.analysis import analysis_of
from tocsin.web.pages.difference import DiffLine, line_differences
from tocsin.web.pages.runbooks import runbook_of

MOST = 50


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `lines`: what differs from the one before; empty for the first that is shown."""

    number: int
    text: str
    author: str
    at: datetime | None = None
    lines: tuple[DiffLine, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The versions of one text, newest first; `title` says which text it is."""

    title: str
    versions: tuple[Version, ...]


def deployment(request: HttpRequest, number: int, part: Part) -> HttpResponse:
    """GET /deployments/N/rollback/history, …/lessons/history."""
    run = get_object_or_404(Deployment, pk=number)
    written = [Version(t.version, t.text, t.author, t.written_at) for t in texts.versions(number, part)[:MOST]]
    generated = run.rollback if part == Part.ROLLBACK else ""
    begun = [Version(0, generated, "Tocsin", run.received_at)] if generated and len(written) < MOST else []
    history = History(part.label.capitalize(), _compared([*written, *begun]))
    back = reverse("deployment", args=[number]) + f"#{part}"
    return _page(request, [history], back, str(run))


def runbook(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/runbook/history: of the incident's own runbook, and of its service's."""
    incident = get_object_or_404(Incident.objects.select_related("environment"), pk=number)
    own = [Version(r.version, r.text, r.edited_by, r.edited_at) for r in of_incident(incident)[:MOST]]
    histories = [History(f"Runbook of {incident.name}", _compared(own))]
    if about := runbook_of(incident, analysis_of(incident).report).about:
        kept = [Version(r.version, r.text, r.promoted_by, r.promoted_at) for r in of_service(about)[:MOST]]
        histories.append(History(f"{about.service}’s runbook for {about.cause}", _compared(kept)))
    back = reverse("incident", args=[number]) + "#runbook"
    return _page(request, histories, back, f"{incident.name} {incident.title}")


def postmortem(request: HttpRequest, number: int, section: str) -> HttpResponse:
    """GET /incidents/N/postmortem/SECTION/history."""
    if section not in set(Section):
        raise Http404("There is no such section.")
    held = get_object_or_404(Postmortem.objects.select_related("incident"), pk=number)
    kept = held.versions.filter(section=section).order_by("-version")[:MOST]
    versions = [Version(v.version, v.text, v.author, v.at) for v in kept]
    history = History(Section(section).heading, _compared(versions))
    back = reverse("postmortem", args=[number]) + f"#section-{section}"
    return _page(request, [history], back, held.name)


def _compared(newest_first: Sequence[Version]) -> tuple[Version, ...]:
    """Each version with what differs from the one before it."""
    told = [
        Version(v.number, v.text, v.author, v.at, tuple(line_differences(before.text, v.text)))
        for v, before in pairwise(newest_first)
    ]
    return (*told, *newest_first[-1:])


def _page(request: HttpRequest, histories: list[History], back: str, of: str) -> HttpResponse:
    shown = [history for history in histories if history.versions]
    return render(request, "history.html", {"histories": shown, "back": back, "of": of})

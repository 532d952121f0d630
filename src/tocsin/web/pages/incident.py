"""One incident: what is broken, how bad, since when, who has it, why, and what to type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tocsin.incidents.lifecycle import ORDER, Resolution, Status, is_open, next_moves
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.priority import Workaround
from tocsin.incidents.undoing import undoable
from tocsin.web.moments import Moments
from tocsin.web.pages.action_items import actions_of, choices
from tocsin.web.pages.affected import affected_services
from tocsin.web.pages.analysis import analysis_of
from tocsin.web.pages.attachments import attached_to
from tocsin.web.pages.called import called_of
from tocsin.web.pages.firings import firings_of
from tocsin.web.pages.parts import PARTS, stamp, unseen, versions_of
from tocsin.web.pages.people import may_manage, reader
from tocsin.web.pages.postmortem import postmortem_line
from tocsin.web.pages.runbooks import runbook_of
from tocsin.web.pages.runs import deployments_of
from tocsin.web.pages.said import form_of, said_of
from tocsin.web.pages.similar import similar_to
from tocsin.web.pages.storm import storm_of
from tocsin.web.pages.timeline import timeline_of
from tocsin.web.pages.told import checklist_of, told_of
from tocsin.web.pages.triage import triage_of

MOST_BESIDE = 20
# What follows the resolution is shown by the status alone.
STAGES = ORDER[: ORDER.index(Status.RESOLVED) + 1]


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not made: in which form it was asked for, why not, and what was typed there."""

    form: str
    message: str
    typed: dict[str, str] = field(default_factory=dict)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N: the whole page; ?kind=…&before=…&entry=… say which part of the timeline."""
    return show(request, number)


def show(request: HttpRequest, number: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    """The page, also after a change was refused: then with the reason and what was typed."""
    context = _with_versions(_gathered(number, request.GET.urlencode()) | _for_reader(request, number))
    typed = refused.typed if refused and refused.form in ("said", "times") else None
    context |= {
        "refused": refused,
        "saying": SimpleLazyObject(lambda: form_of(context["incident"], context["said"], typed)),
    }
    return render(request, "incident.html", context, status=status)


def live(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/live?shown=…: the parts that changed since the page showed that, for htmx to put in their places."""
    asked = request.GET.copy()
    [seen] = asked.pop("shown", [""])[-1:]
    context = _with_versions(moments.of(number, asked.urlencode()) | _for_reader(request, number))
    may_respond = reader(request).may_respond
    parts = [part for part in unseen(context["versions"], seen) if may_respond or not part.is_for_responders]
    context["parts"] = [(part, context["drawn"].get(part.name)) for part in parts]
    return render(request, "incident_live.html", context)


def _for_reader(request: HttpRequest, number: int) -> dict[str, Any]:
    """What depends on who asks."""
    person = reader(request)
    return {
        "reader": person,
        "may_manage": may_manage(request),
        "undoable": undoable(number, person.username, timezone.now()),
    }


def _with_versions(context: dict[str, Any]) -> dict[str, Any]:
    versions = versions_of(context)
    return context | {"versions": versions, "stamp": stamp(versions)}


def _gathered(number: int, asked: str) -> dict[str, Any]:
    """What is shown of an incident whoever asks; `asked` is the query of the address, which narrows the timeline."""
    # What few incidents have is looked up for those: joined for all, it would be half of what this query costs.
    everybodys = Incident.objects.select_related("environment__project", "assignee", "assessment")
    incident = get_object_or_404(everybodys, pk=number)
    current, analysis, firings = Status(incident.status), analysis_of(incident), firings_of(incident)
    # Ending it needs a resolution, and going back a reason: both have forms of their own.
    own_form = Status.RESOLVED if is_open(current) else Status.INVESTIGATING
    return {
        "incident": incident,
        "is_open": is_open(current),
        "stages": _stages(incident, current),
        "moves": [to for to in next_moves(current) if to != own_form],
        "resolutions": list(Resolution),
        "severities": list(Severity),
        **choices(incident.pk),
        "learned": postmortem_line(incident, timezone.now()),
        "tracked": actions_of(incident, analysis.report, timezone.now()),
        "analysis": analysis,
        "runbook": runbook_of(incident, analysis.report),
        "deployments": deployments_of(incident),
        "affected": affected_services(incident, timezone.now()),
        "firings": firings,
        "storm": storm_of(incident, firings),
        "merged": list(incident.merged.order_by("id")[:MOST_BESIDE]),
        "open_beside": _open_beside(incident),
        "triage": (triage := triage_of(incident, timezone.now())),
        "severity_scale": triage.scale,
        "workarounds": list(Workaround),
        "precedents": similar_to(incident, analysis),
        **_by_people(incident),
        "now": timezone.now(),
        "timeline": timeline_of(incident, QueryDict(asked)),
    }


def _moment(number: int, asked: str) -> dict[str, Any]:
    """As gathered, with the parts that look the same to everybody, drawn without a request: they can't tell who asks."""
    gathered = _with_versions(_gathered(number, asked) | {"is_live": True})
    return gathered | {
        "drawn": {part.name: render_to_string(part.template, gathered) for part in PARTS if part.is_same}
    }


# For the parts that change by themselves alone: a page that is opened shows nothing that was gathered before.
moments = Moments(_moment)


def _by_people(incident: Incident) -> dict[str, Any]:
    """What people attached, said and told others."""
    return {
        "attached": attached_to(incident),
        "said": said_of(incident),
        "told": told_of(incident, timezone.now()),
        "called": called_of(incident, timezone.now()),
        "checklist": checklist_of(incident, timezone.now()),
    }


def _open_beside(incident: Incident) -> list[Incident]:
    """The incidents that this one could be part of, the newest."""
    others = Incident.objects.filter(environment=incident.environment_id, resolved_at=None, closed_at=None)
    return list(others.exclude(pk=incident.pk).only("title").order_by("-id")[:MOST_BESIDE])


def _stages(incident: Incident, current: Status) -> list[dict[str, Any]]:
    """The stages with the time at which each was reached; those skipped have none."""
    here = ORDER.index(current)
    return [
        {"name": stage, "at": getattr(incident, f"{stage}_at"), "is_past": index < here, "is_current": stage == current}
        for index, stage in enumerate(STAGES)
    ]

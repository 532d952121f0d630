"""One incident: what is broken, how bad, since when, who has it, why, and what to type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tocsin.incidents.lifecycle import ORDER, Resolution, Status, is_open, next_moves
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.web.pages.analysis import analysis_of
from tocsin.web.pages.firings import firings_of
from tocsin.web.pages.people import reader, responders

MOST_ENTRIES = 100
STEPS = tuple(status for status in ORDER if status not in (Status.POSTMORTEM, Status.CLOSED))


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not made: in which form it was asked for, why not, and what was typed there."""

    form: str
    message: str
    typed: dict[str, str] = field(default_factory=dict)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N: the whole page. ?timeline=all shows every entry instead of the newest hundred."""
    return show(request, number)


def show(request: HttpRequest, number: int, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    """The page, also after a change was refused: then with the reason and what was typed."""
    context = _context(request, number) | {"refused": refused, "people": responders()}
    return render(request, "incident.html", context, status=status)


def live(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/live: the parts of the page that change by themselves, for htmx to put in their places."""
    return render(request, "incident_live.html", _context(request, number) | {"is_live": True, "people": responders()})


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    incident = get_object_or_404(
        Incident.objects.select_related("environment__project", "assignee", "recurrence_of"), pk=number
    )
    current = Status(incident.status)
    entries = TimelineEntry.objects.filter(incident=incident).order_by("-id")
    newest = list(entries if request.GET.get("timeline") == "all" else entries[: MOST_ENTRIES + 1])
    shown = newest if request.GET.get("timeline") == "all" else newest[:MOST_ENTRIES]
    return {
        "incident": incident,
        "is_open": is_open(current),
        "stages": _stages(incident, current),
        "moves": [to for to in next_moves(current) if to not in (Status.RESOLVED, Status.INVESTIGATING)]
        if not is_open(current)
        else [to for to in next_moves(current) if to != Status.RESOLVED],
        "resolutions": list(Resolution),
        "severities": list(Severity),
        "analysis": analysis_of(incident),
        "firings": firings_of(incident),
        "entries": shown,
        "has_more": len(newest) > len(shown),
        "reader": reader(request),
        "now": timezone.now(),
    }


def _stages(incident: Incident, current: Status) -> list[dict[str, Any]]:
    """The stages with the time at which each was reached; those skipped have none."""
    here = ORDER.index(current)
    return [
        {"name": stage, "at": getattr(incident, f"{stage}_at"), "is_past": index < here, "is_current": stage == current}
        for index, stage in enumerate(STEPS)
    ]

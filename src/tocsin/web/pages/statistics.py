"""Statistics of a list: how many, how long they take, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.incidents.listing import matching
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.search import BadSearch
from tocsin.incidents.statistics import TimeToResolve, time_to_resolve
from tocsin.investigation.models import StoredReport
from tocsin.web.pages import narrowing
from tocsin.web.pages.incidents import asked_of
from tocsin.web.pages.people import reader
from tocsin.web.scope import visible

# What is counted is bounded: of longer lists the newest.
MOST_COUNTED = 10_000
MOST_COMMON = 5


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of `counted` incidents, all of the list unless `is_cut`. Patterns are the most common, each with its count."""

    counted: int
    is_cut: bool
    still_open: int
    recurrences: int
    times: TimeToResolve
    causes: tuple[tuple[str, int], ...]
    services: tuple[tuple[str, int], ...]


def page(request: HttpRequest) -> HttpResponse:
    """GET /incidents/statistics?… (as the list): the figures, as a page of its own or to be put into the list's."""
    now = timezone.now()
    try:
        asked = asked_of(request)
        found = matching(asked, visible(request, Incident.objects.all()), person=reader(request).username, now=now)
    except BadSearch as refusal:
        return render(
            request, "refused.html", {"heading": "This search can’t be understood", "reason": refusal}, status=400
        )
    context: dict[str, Any] = {"statistics": statistics_of(found, now), "list": narrowing.address(asked)}
    is_part = getattr(request, "htmx", None) or request.headers.get("HX-Request")
    return render(request, "parts/statistics.html" if is_part else "statistics.html", context)


def statistics_of(found: QuerySet[Incident], now: datetime) -> Statistics:
    """The figures of a list; four queries, each of at most MOST_COUNTED incidents."""
    rows = list(
        found.order_by("-pk").values_list("pk", "triggered_at", "resolved_at", "recurrence_of")[: MOST_COUNTED + 1]
    )
    is_cut, rows = len(rows) > MOST_COUNTED, rows[:MOST_COUNTED]
    ended = [(resolved - triggered).total_seconds() for _, triggered, resolved, _ in rows if resolved]
    still_open = [(now - triggered).total_seconds() for _, triggered, resolved, _ in rows if not resolved]
    numbers = [number for number, *_ in rows]
    return Statistics(
        len(rows),
        is_cut,
        len(still_open),
        sum(1 for *_, former in rows if former is not None),
        time_to_resolve(ended, still_open),
        _causes(numbers),
        _most_frequent(IncidentService.objects.filter(incident__in=numbers), "slug"),
    )


def _causes(numbers: list[int]) -> tuple[tuple[str, int], ...]:
    """What the newest report of each says first."""
    reports = StoredReport.objects.filter(investigation__incident__in=numbers)
    newest = reports.order_by("investigation__incident", "-investigation__ordinal").distinct("investigation__incident")
    return _most_frequent(StoredReport.objects.filter(pk__in=newest.values("pk")).exclude(cause=""), "cause")


def _most_frequent(rows: QuerySet[Any], name: str) -> tuple[tuple[str, int], ...]:
    counted = rows.values_list(name).annotate(incidents=Count("pk")).order_by("-incidents", name)
    return tuple(counted[:MOST_COMMON])

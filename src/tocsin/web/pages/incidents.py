"""The list of incidents: what somebody looks for, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tocsin.accounts.access import ALL, Role
from tocsin.alerts.models import Signal
from tocsin.catalog.models import Environment, Project, Source
from tocsin.incidents import listing
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.listing import Page, matching, page, says_nothing
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.search import PARAMETERS, Asked, BadSearch, Sort, View, parameters_of, read
from tocsin.incidents.triage import Severity
from tocsin.incidents.update_clocks import overdue
from tocsin.incidents.views import views_for
from tocsin.web.pages import narrowing
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.analysis import Verdict, newest_verdicts
from tocsin.web.pages.hits import Hits, hits_of
from tocsin.web.pages.intake import intake
from tocsin.web.pages.people import reader, responders
from tocsin.web.pages.triage import Deadline, deadline_of, scale_at
from tocsin.web.scope import access_at, visible

PAGE = 50
# New incidents above those that are shown are counted up to here.
MOST_ABOVE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """An incident with what the newest report on it says, its services, the clock of its acknowledgement, and its hits.

    `is_untold`: its next status update is overdue.
    """

    incident: Incident
    report: Verdict | None
    services: tuple[str, ...]
    deadline: Deadline | None
    hits: Hits | None
    is_untold: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the list: after or before a place in its order, or at its top as it was when `top` was the newest."""

    after: int | None
    before: int | None
    top: int | None

    @property
    def is_first(self) -> bool:
        return self.after is None and self.before is None


def index(request: HttpRequest) -> HttpResponse:
    """GET /?view=…&q=…&severity=…&sort=…&after=PLACE (see incidents.search): incidents, fifty at a time."""
    place = _place(request)
    try:
        asked = asked_of(request)
        if asked.number is not None and not asked.words and _is_seen(request, asked.number):
            return redirect("incident", asked.number)
        context = _shown(request, asked, place)
    except BadSearch as refusal:
        asked = Asked(search=request.GET.get("q", ""))
        return render(request, "incidents.html", _frame(request, asked) | {"refused": str(refusal)}, status=400)
    return render(request, "incidents.html", context)


def _is_seen(request: HttpRequest, number: int) -> bool:
    return visible(request, Incident.objects.filter(pk=number)).exists()


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for. Raises BadSearch."""
    said = {name: request.GET.getlist(name) for name in PARAMETERS}
    if len(said["view"]) == 1 and said["view"][0] not in set(View):
        raise Http404("There is no such view of the incidents.")
    return read(said, scale_at(request))


def _place(request: HttpRequest) -> _Place:
    said = {name: request.GET.get(name, "") for name in ("after", "before", "top")}
    numbers = {name: row_number(text) for name, text in said.items()}
    if any(text and numbers[name] is None for name, text in said.items()) or all((said["after"], said["before"])):
        raise Http404("There is no such place in the list of incidents.")
    return _Place(**numbers)


def _frame(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """What stands around the rows: the ways to other lists."""
    person, projects = reader(request), access_at(request).projects(Role.VIEWER)
    environments = visible(request, Environment.objects.all())
    return {
        "asked": asked,
        "view": asked.view,
        "tabs": narrowing.tabs(asked),
        "chips": narrowing.chips(asked),
        "headings": narrowing.headings(asked),
        "narrowed": [(name, value) for name, value in parameters_of(asked) if name != "q"],
        "saved": views_for(person.pk, with_shared=projects is ALL),
        "parameters": narrowing.address(asked).removeprefix("?"),
        "reader": person,
        "severities": list(Severity),
        "statuses": list(Status),
        "resolutions": list(Resolution),
        "people": responders(projects),
        "projects": visible(request, Project.objects.order_by("slug")),
        "environments": environments.order_by("slug").values_list("slug", flat=True).distinct(),
    }


def _shown(request: HttpRequest, asked: Asked, place: _Place) -> dict[str, Any]:
    now, person = timezone.now(), reader(request).username
    incidents, above = visible(request, listing.rows()), 0
    if place.top is not None and place.is_first and asked.order is Sort.NEWEST:
        newer = visible(request, Incident.objects.filter(pk__gt=place.top))
        above = matching(asked, newer, person=person, now=now).order_by("-pk")[:MOST_ABOVE].count()
        incidents = incidents.filter(pk__lte=place.top)
    found = page(asked, incidents, PAGE, person=person, now=now, after=place.after, before=place.before)
    came_in = intake(now, visible(request, Source.objects.all()), visible(request, Signal.objects.all()))
    return _frame(request, asked) | {
        "found": found,
        "rows": _rows(found, asked, now),
        "above": above,
        "top": found.incidents[0].pk if found.incidents and place.is_first and asked.order is Sort.NEWEST else None,
        "is_first": place.is_first,
        "most_ranked": listing.MOST_RANKED,
        "most_beginning": listing.MOST_BEGINNING,
        "previous": narrowing.beside(asked, "before", found.before) if found.before is not None else None,
        "next": narrowing.beside(asked, "after", found.after) if found.after is not None else None,
        "first": narrowing.address(asked),
        "says_nothing": not found.incidents and bool(asked.words) and says_nothing(asked),
        "intake": came_in,
        "intake_state": came_in.state(now) if access_at(request).highest is not None else "no-project",
        "now": now,
    }


def _rows(found: Page, asked: Asked, now: datetime) -> list[Row]:
    numbers = [incident.pk for incident in found.incidents]
    reports, services, untold = newest_verdicts(numbers), _services(numbers), overdue(numbers, now)
    summaries = {number: report.summary for number, report in reports.items()}
    hits = hits_of(asked.words, found.incidents, summaries) if asked.words and numbers else {}
    return [
        Row(one, reports.get(one.pk), services[one.pk], deadline_of(one, now), hits.get(one.pk), one.pk in untold)
        for one in found.incidents
    ]


def _services(numbers: list[int]) -> dict[int, tuple[str, ...]]:
    """The services that each of these affects, those nearest to its cause first."""
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for number, slug in (
        IncidentService.objects.filter(incident__in=numbers).order_by("role", "slug").values_list("incident", "slug")
    ):
        found[number] += (slug,)
    return found

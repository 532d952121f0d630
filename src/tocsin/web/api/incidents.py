"""Incidents over the API: list, declare, and all that people do to one."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from ninja import Status as Answered
from pydantic import Field

from tocsin.accounts.access import Role
from tocsin.catalog.models import Environment
from tocsin.incidents import assessments, changes, listing, matrices
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.timeline import Group, page
from tocsin.web.api.answers import problem
from tocsin.web.api.callers import TO_READ, TO_RESPOND, who
from tocsin.web.api.cursor import cursor as cursor_of
from tocsin.web.api.cursor import read_cursor
from tocsin.web.api.in_full import IncidentInFull
from tocsin.web.api.one import Number, by, person, rows, told, unchanged
from tocsin.web.api.shapes import (
    Declared,
    EntryOut,
    Given,
    IncidentOut,
    Incidents,
    Judged,
    Moved,
    Noted,
    Timeline,
)
from tocsin.web.api.sought import Sought
from tocsin.web.pages.analysis import analysis_of, newest_verdicts
from tocsin.web.pages.people import responders, responders_to
from tocsin.web.scope import require_in, visible
from tocsin.workflows.again import investigate_again
from tocsin.workflows.declaring import Declaration, declare

router = Router(tags=["incidents"])
Limit = Annotated[int, Field(ge=1, le=200)]


@router.get("", response=Incidents, summary="List and search incidents", auth=TO_READ)
def index(request: HttpRequest, sought: Query[Sought], cursor: str | None = None, limit: Limit = 50) -> Incidents:
    """Incidents that match everything asked for, as the list on the pages. Pages go on with `cursor`, the `next` before."""
    scale, after = matrices.scale(), read_cursor(cursor) if cursor else None
    person, now = who(request).user.username, timezone.now()
    found = listing.page(sought.asked(scale), visible(request, rows()), limit, person=person, now=now, after=after)
    verdicts = newest_verdicts([row.pk for row in found.incidents])
    items = [IncidentOut.of(row, verdicts.get(row.pk), scale) for row in found.incidents]
    return Incidents(items=items, next=None if found.after is None else cursor_of(found.after))


@router.post("", response={201: IncidentInFull}, summary="Declare an incident", auth=TO_RESPOND)
def create(request: HttpRequest, response: HttpResponse, body: Declared) -> Answered[IncidentInFull]:
    """Opens an incident by hand; Tocsin investigates it like any other."""
    environment = _environment(request, body.environment)
    require_in(request, Role.RESPONDER, environment.project_id)
    assignee = person(body.assignee, responders([environment.project_id]))
    services, alerts = tuple(body.services), tuple(body.alerts)
    said = Declaration(body.title, environment, body.severity, body.description, assignee, services, alerts)
    quiet_period = timedelta(seconds=settings.CONFIG.quiet_period)
    made = declare(said, actor=who(request).user.username, now=timezone.now(), quiet_period=quiet_period)
    response["Location"] = f"/api/v1/incidents/{made.pk}"
    return Answered(201, told(response, made.pk))


@router.get("/{number}/timeline", response=Timeline, summary="Its timeline, newest first", auth=TO_READ)
def timeline(
    request: HttpRequest,
    number: Number,
    kind: Annotated[tuple[Group, ...], Query()] = (),
    cursor: str | None = None,
    limit: Limit = 100,
) -> Timeline:
    """What happened, by whom and why; `kind` narrows it to such entries, and may be said again."""
    before = read_cursor(cursor) if cursor else None
    rows, has_more = page(Incident.objects.get(pk=number).pk, kind, limit, before)
    after = cursor_of(rows[-1].pk) if has_more else None
    return Timeline(items=[EntryOut.of(row) for row in rows], next=after)


@router.get("/{number}/report", summary="What Tocsin found, as `tocsin diagnose --output json` prints it", auth=TO_READ)
def report(request: HttpRequest, number: Number) -> HttpResponse:
    """The newest report."""
    found = analysis_of(Incident.objects.get(pk=number)).reported
    if found is None:
        return problem(404, "There is no report on this incident yet.")
    return HttpResponse(found.report.content, "application/json")


@router.post("/{number}/status", response=IncidentInFull, summary="Move it to another stage", auth=TO_RESPOND)
def status(request: HttpRequest, response: HttpResponse, number: Number, body: Moved) -> IncidentInFull:
    """Forward, or back with a reason. What it ends with is said by `resolution`."""
    with unchanged(request, number):
        changes.change_status(number, body.to, reason=body.reason, resolution=body.resolution, **by(request))
    return told(response, number)


@router.post("/{number}/severity", response=IncidentInFull, summary="Say how bad it is", auth=TO_RESPOND)
def severity(request: HttpRequest, response: HttpResponse, number: Number, body: Judged) -> IncidentInFull:
    """A person's own judgement, with a note."""
    with unchanged(request, number):
        assessments.set_severity(number, body.severity, note=body.note, **by(request))
    return told(response, number)


@router.post(
    "/{number}/assignee", response=IncidentInFull, summary="Give it to somebody, or to nobody", auth=TO_RESPOND
)
def assignee(request: HttpRequest, response: HttpResponse, number: Number, body: Given) -> IncidentInFull:
    """Whose it is from now on."""
    with unchanged(request, number):
        changes.assign(number, person(body.assignee, responders_to(number)), body.assignee or "", **by(request))
    return told(response, number)


@router.post("/{number}/notes", response={201: EntryOut}, summary="Add a note", auth=TO_RESPOND)
def note(request: HttpRequest, number: Number, body: Noted) -> Answered[EntryOut]:
    """Markdown, kept as written."""
    return Answered(201, EntryOut.of(changes.add_note(number, body.text, kind=body.kind, **by(request))))


@router.post(
    "/{number}/investigations", response={202: IncidentInFull}, summary="Ask for another look", auth=TO_RESPOND
)
def investigate(request: HttpRequest, response: HttpResponse, number: Number) -> Answered[IncidentInFull]:
    """Refused while one is going on."""
    investigate_again(number, **by(request))
    return Answered(202, told(response, number))


def _environment(request: HttpRequest, named: str) -> Environment:
    project, _, slug = named.partition("/")
    seen = visible(request, Environment.objects.select_related("project"))
    found = seen.filter(project__slug=project, slug=slug).first()
    if found is None:
        known = ", ".join(str(e) for e in seen.order_by("pk")[:20])
        raise BadChange(f"There is no environment “{named}”; there are {known or 'none yet'}.")
    return found

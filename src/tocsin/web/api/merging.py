"""Merging and splitting over the API, the alerts that are chosen for a split, and whether there is a way around."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import Field

from tocsin.incidents import assessments, merging
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.triage.priority import Workaround
from tocsin.web.api.callers import TO_READ, TO_RESPOND
from tocsin.web.api.in_full import IncidentInFull
from tocsin.web.api.one import Number, by, told, unchanged
from tocsin.web.api.shapes import Asked, RowId, Text
from tocsin.web.pages.firings import Fired, firings_of
from tocsin.web.scope import visible
from tocsin.workflows.again import investigate_again

router = Router(tags=["incidents"])


class FiredOut(Schema):
    """An alert, as far as an incident is concerned."""

    id: int
    title: str
    source: str
    is_firing: bool
    times: Annotated[int, Field(description="how often it fired here")]
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(cls, fired: Fired) -> FiredOut:
        """An alert of the incident's page."""
        told = {name: getattr(fired, name) for name in ("is_firing", "times", "first_at", "last_at")}
        return cls(id=fired.alert.pk, title=fired.alert.title, source=fired.alert.source.name, **told)


class Firings(Schema):
    """The alerts of an incident, those firing first, then the newest: the first fifty of `total`."""

    items: list[FiredOut]
    total: int


class Merged(Asked):
    """Into which incident, by its number."""

    into: RowId
    reason: Annotated[Text, Field(description="why they are one: it is remembered")]


class Split(Asked):
    """Some of its alerts, by their ids."""

    alerts: Annotated[list[RowId], Field(min_length=1, max_length=1000)]
    reason: Annotated[Text, Field(description="why they are two: it is remembered")]


class WayAround(Asked):
    """Whether there is a way around the failure."""

    workaround: Workaround
    note: Text = ""


@router.get("/{number}/alerts", response=Firings, summary="Its alerts", auth=TO_READ)
def alerts(request: HttpRequest, number: Number) -> Firings:
    """Each once, with how often and since when it fired there."""
    found = firings_of(Incident.objects.get(pk=number))
    return Firings(items=[FiredOut.of(fired) for fired in found.shown], total=found.alerts)


@router.post("/{number}/merge", response=IncidentInFull, summary="Make it part of another", auth=TO_RESPOND)
def merge(request: HttpRequest, response: HttpResponse, number: Number, body: Merged) -> IncidentInFull:
    """It ends as a duplicate; its alerts go over."""
    if not visible(request, Incident.objects.filter(pk=body.into)).exists():
        raise BadChange("There is no such incident.")
    merging.merge(number, body.into, reason=body.reason, **by(request))
    return told(response, number)


@router.post("/{number}/unmerge", response=IncidentInFull, summary="Take it out of another again", auth=TO_RESPOND)
def unmerge(request: HttpRequest, response: HttpResponse, number: Number) -> IncidentInFull:
    """What came from it goes back to it, and it is open again."""
    merging.unmerge(number, **by(request))
    return told(response, number)


@router.post(
    "/{number}/split", response={201: IncidentInFull}, summary="Make some of its alerts another", auth=TO_RESPOND
)
def split(request: HttpRequest, response: HttpResponse, number: Number, body: Split) -> Answered[IncidentInFull]:
    """The new incident, which Tocsin investigates."""
    with unchanged(request, number):
        opened = merging.split(number, body.alerts, reason=body.reason, **by(request))
        investigate_again(opened.pk, **by(request))
    response["Location"] = f"/api/v1/incidents/{opened.pk}"
    return Answered(201, told(response, opened.pk))


@router.post(
    "/{number}/workaround", response=IncidentInFull, summary="Say whether there is a way around", auth=TO_RESPOND
)
def workaround(request: HttpRequest, response: HttpResponse, number: Number, body: WayAround) -> IncidentInFull:
    """The priority follows."""
    with unchanged(request, number):
        assessments.set_workaround(number, body.workaround, note=body.note, **by(request))
    return told(response, number)

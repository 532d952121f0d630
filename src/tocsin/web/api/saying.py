"""One incident over the API: read it, and say what it was: statements, times, services, roles, the confirmed cause."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime, Field

from tocsin.incidents import handover, naming, stating, times
from tocsin.incidents.models import Incident
from tocsin.incidents.roles import IncidentRole
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words
from tocsin.incidents.times import Times
from tocsin.web.api.callers import TO_READ, TO_RESPOND
from tocsin.web.api.in_full import IncidentInFull
from tocsin.web.api.one import Number, by, person, told, unchanged
from tocsin.web.api.shapes import Asked, Text
from tocsin.web.pages.people import responders_to
from tocsin.workflows.confirming import confirm

router = Router(tags=["incidents"])


def _one_of(topic: Topic) -> str:
    return f"{', '.join(topic.choices)}; then a colon and words, if there is more to say"


class Said(Asked):
    """What is said anew; what is left out stays. An empty text takes a statement back."""

    system: Text = ""
    feature: Text = ""
    users: Text = ""
    business: Text = ""
    data_loss: Annotated[Text, Field(description=_one_of(Topic.DATA_LOSS))] = ""
    financial: Text = ""
    share: Annotated[Text, Field(description="of requests")] = ""
    region: Text = ""
    detected: Annotated[Text, Field(description=_one_of(Topic.DETECTED))] = ""
    cause: Annotated[Text, Field(description="confirmed, in a person's own words")] = ""
    trigger: Text = ""
    trigger_run: Annotated[int | None, Field(description="the run that set it off", ge=1, le=2**63 - 1)] = None
    ai: Annotated[Text, Field(description=_one_of(Topic.AI))] = ""
    started_at: Annotated[AwareDatetime | None, Field(description="null: as its record has it")] = None
    detected_at: Annotated[AwareDatetime | None, Field(description="null: when it was triggered")] = None
    resolved_at: Annotated[AwareDatetime | None, Field(description="only of what is resolved")] = None
    reason: Annotated[Text, Field(description="why the times change")] = ""
    services: Annotated[list[str], Field(description="slugs: all that people name", default_factory=list)]


class RoleGiven(Asked):
    """A role, and who has it from now on; null: nobody."""

    role: IncidentRole
    person: Annotated[str | None, Field(description="a user name")]
    note: Annotated[Text, Field(description="what the next one has to know")] = ""


class Confirmed(Asked):
    """A hypothesis of a report."""

    rank: Annotated[int, Field(ge=1, description="1 is the first")] = 1
    investigation: Annotated[int | None, Field(ge=1, description="null: the newest that has a report")] = None


@router.get("/{number}", response=IncidentInFull, summary="One incident", auth=TO_READ)
def one(request: HttpRequest, response: HttpResponse, number: Number) -> IncidentInFull:
    """The incident, with an ETag for `If-Match`."""
    return told(response, number)


@router.patch("/{number}", response=IncidentInFull, summary="Say what it was", auth=TO_RESPOND)
def say(request: HttpRequest, response: HttpResponse, number: Number, body: Said) -> IncidentInFull:
    """All or nothing. What others said before is kept; with `If-Match`, it is refused where somebody was faster."""
    given = body.model_dump(exclude_unset=True)
    with unchanged(request, number):
        _say(number, given, **by(request))
    return told(response, number)


def _say(number: int, given: dict[str, Any], *, actor: str, now: datetime) -> None:
    said = {topic: Words(given[topic]) for topic in Topic if topic in given}
    if given.get("trigger_run") is not None:
        said[Topic.TRIGGER] = stating.set_off_by(number, given.get("trigger", ""), given["trigger_run"])
    stating.say(number, said, actor=actor, now=now)
    if given.keys() & {"started_at", "detected_at", "resolved_at"}:
        was = Times.of(Incident.objects.get(pk=number))
        to = Times(
            given.get("started_at", was.started),
            given.get("detected_at", was.detected),
            given.get("resolved_at", was.resolved),
        )
        times.correct(number, to, reason=given.get("reason", ""), actor=actor, now=now)
    if "services" in given:
        naming.name_services(number, given["services"], actor=actor, now=now)


@router.post("/{number}/roles", response=IncidentInFull, summary="Give a role, or take it", auth=TO_RESPOND)
def role(request: HttpRequest, response: HttpResponse, number: Number, body: RoleGiven) -> IncidentInFull:
    """The hand-over is a line of the timeline, with the note."""
    with unchanged(request, number):
        holder = person(body.person, responders_to(number))
        handover.hand_over(number, body.role, holder, body.person or "", note=body.note, **by(request))
    return told(response, number)


@router.post("/{number}/cause", response=IncidentInFull, summary="Confirm a hypothesis", auth=TO_RESPOND)
def cause(request: HttpRequest, response: HttpResponse, number: Number, body: Confirmed) -> IncidentInFull:
    """It becomes the cause that a person confirmed; in own words it is said by a PATCH."""
    with unchanged(request, number):
        confirm(number, body.investigation, body.rank, **by(request))
    return told(response, number)

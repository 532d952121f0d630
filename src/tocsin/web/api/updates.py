"""Status updates and the checklist over the API: draft, check, send, tick."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import AwareDatetime, Field

from tocsin.incidents import telling, ticking
from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment
from tocsin.incidents.checklist import Line, State
from tocsin.incidents.drafts import message
from tocsin.incidents.models import Incident
from tocsin.incidents.plain_words import Finding
from tocsin.incidents.telling import LONGEST_HEADLINE, LONGEST_TEXT, Said
from tocsin.incidents.update_clocks import clock_of
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import State as ComponentState
from tocsin.web.api.callers import TO_READ, TO_RESPOND
from tocsin.web.api.one import Number, by
from tocsin.web.api.shapes import Asked
from tocsin.workflows import communicating

router = Router(tags=["status updates"])


class Words(Asked):
    """What is to be told to whom."""

    audience: Audience
    moment: Moment
    headline: Annotated[str, Field(max_length=LONGEST_HEADLINE, description="what is broken, as they call it")]
    text: Annotated[str, Field(max_length=LONGEST_TEXT, description="plain text")]
    impact: Impact
    data_loss: DataLoss = DataLoss.UNKNOWN
    next_update_at: Annotated[AwareDatetime | None, Field(description="by when the next one is promised")] = None
    corrects: Annotated[int | None, Field(description="the id of an update that this one puts right")] = None

    def said(self) -> Said:
        """As the incident takes it."""
        return Said(**self.model_dump(include=set(Words.model_fields)))


class Sent(Words):
    """An update to be sent; `is_read`: what is found in it was read, and is meant so."""

    is_read: bool = False
    components: Annotated[
        dict[int, ComponentState], Field(description="how components of the status page are, by their ids")
    ] = {}
    began_at: Annotated[AwareDatetime | None, Field(description="since when outsiders notice it")] = None


class FindingOut(Schema):
    """Words that are not for their audience. `start` and `end` count characters in the headline, a line feed, and the text."""

    kind: str
    start: int
    end: int
    said: Annotated[str, Field(description="the words; a secret is masked")]
    suggestion: str
    must_be_read: Annotated[bool, Field(description="sending needs `is_read`")]
    is_barred: Annotated[bool, Field(description="it can't be sent at all")]

    @classmethod
    def of(cls, one: Finding) -> FindingOut:
        """A finding."""
        told = {name: getattr(one, name) for name in ("kind", "start", "end", "said", "suggestion", "is_barred")}
        return cls(**told, must_be_read=not one.is_hint)


class UpdateOut(Schema):
    """An update that was sent; it never changes."""

    id: int
    incident: int
    audience: Audience
    moment: Moment
    headline: str
    text: str
    impact: Impact
    data_loss: DataLoss
    next_update_at: datetime | None
    sent_by: str
    sent_at: datetime
    corrects: int | None
    message: Annotated[str, Field(description="all of it as one text, for a channel")]

    @classmethod
    def of(cls, update: StatusUpdate) -> UpdateOut:
        """An update as it is kept."""
        told = {
            name: getattr(update, name)
            for name in cls.model_fields
            if name not in ("id", "incident", "corrects", "message")
        }
        whole = {
            name: told[name]
            for name in ("moment", "headline", "text", "impact", "data_loss", "sent_at", "next_update_at")
        }
        return cls(
            **told, id=update.pk, incident=update.incident_id, corrects=update.corrects_id, message=message(**whole)
        )


class Updates(Schema):
    """What was told of an incident, newest first, and by when the next update is due; null where none is."""

    items: list[UpdateOut]
    next_due_at: datetime | None
    is_overdue: bool


class Draft(Schema):
    """What Tocsin would say, and what has to be mended in it."""

    audience: Audience
    moment: Moment
    headline: str
    text: str
    impact: Impact
    data_loss: DataLoss
    next_update_at: datetime | None
    findings: list[FindingOut]


class Findings(Schema):
    """What in an update is not for its audience."""

    items: list[FindingOut]


class ItemOut(Schema):
    """An item of the checklist."""

    item: str
    state: State
    due_at: datetime | None
    done_at: datetime | None
    done_by: Annotated[str, Field(description="empty: Tocsin has seen it by itself")]

    @classmethod
    def of(cls, line: Line) -> ItemOut:
        """A line of the checklist."""
        done = line.done
        at, by_whom = (done.at, done.by) if done else (None, "")
        return cls(item=line.item.words, state=line.state, due_at=line.due, done_at=at, done_by=by_whom)


class Checklist(Schema):
    """How the checklist of an incident stands."""

    items: list[ItemOut]


class Ticked(Asked):
    """An item is done, or is not after all."""

    item: Annotated[str, Field(max_length=200)]
    done: bool = True


@router.get("/{number}/updates", response=Updates, summary="What was told of it", auth=TO_READ)
def index(request: HttpRequest, number: Number) -> Updates:
    """Every status update, newest first."""
    incident, now = Incident.objects.get(pk=number), timezone.now()
    clock = clock_of(incident)
    due = clock.due if clock else None
    items = [UpdateOut.of(update) for update in telling.updates_of(incident)]
    return Updates(items=items, next_due_at=due, is_overdue=due is not None and now >= due)


@router.get(
    "/{number}/updates/draft", response=Draft, summary="A status update as Tocsin would write it", auth=TO_RESPOND
)
def draft(request: HttpRequest, number: Number, audience: Audience, moment: Moment | None = None) -> Draft:
    """Filled from the record; without a moment, the one that the incident's stage suggests."""
    incident = _found(number)
    said = communicating.draft(incident, audience, moment or communicating.moment_of(incident), timezone.now())
    told = {name: getattr(said, name) for name in Draft.model_fields if name != "findings"}
    return Draft(**told, findings=[FindingOut.of(one) for one in communicating.check(incident, said)])


@router.post(
    "/{number}/updates/check", response=Findings, summary="What in it is not for its audience", auth=TO_RESPOND
)
def check(request: HttpRequest, number: Number, body: Words) -> Findings:
    """Internal names, addresses, traces, codes, jargon and secrets, each with a suggestion. Nothing is sent."""
    return Findings(items=[FindingOut.of(one) for one in communicating.check(_found(number), body.said())])


@router.post("/{number}/updates", response={201: UpdateOut}, summary="Send a status update", auth=TO_RESPOND)
def send(request: HttpRequest, number: Number, body: Sent) -> Answered[UpdateOut]:
    """Kept as it is; one for outsiders is public at once. Refused where something in it has to be read first."""
    states, began_at = body.components, body.began_at
    sent = communicating.send(number, body.said(), states, began_at=began_at, is_read=body.is_read, **by(request))
    return Answered(201, UpdateOut.of(sent))


@router.get("/{number}/checklist", response=Checklist, summary="What is to be done so that people know", auth=TO_READ)
def checklist(request: HttpRequest, number: Number) -> Checklist:
    """Items tick themselves when the thing was done."""
    return _checklist(number)


@router.post("/{number}/checklist", response=Checklist, summary="Tick an item, or take that back", auth=TO_RESPOND)
def tick(request: HttpRequest, number: Number, body: Ticked) -> Checklist:
    """For what Tocsin can't see by itself."""
    ticking.tick(number, body.item, done=body.done, **by(request))
    return _checklist(number)


def _checklist(number: int) -> Checklist:
    lines = communicating.checklist_of(Incident.objects.get(pk=number), timezone.now())
    return Checklist(items=[ItemOut.of(line) for line in lines])


def _found(number: int) -> Incident:
    return Incident.objects.select_related("environment__project", "assignee").get(pk=number)

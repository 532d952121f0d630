"""Postmortems over the API: list, read, write, move, download."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from ninja.errors import HttpError
from pydantic import AwareDatetime, Field

from tocsin.incidents.lifecycle import incident_name
from tocsin.postmortems import changes
from tocsin.postmortems.changes import Text as Said
from tocsin.postmortems.changes import postmortem_of, texts_of
from tocsin.postmortems.export import exported
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.sections import Section, marks
from tocsin.postmortems.states import Need, State
from tocsin.web.api.callers import TO_READ, TO_RESPOND, who
from tocsin.web.api.shapes import Asked, Text
from tocsin.web.pages.action_items import owner_called
from tocsin.web.pages.postmortems import MOST, in_view
from tocsin.web.scope import visible

router = Router(tags=["postmortems"])
Number = Annotated[int, Field(ge=1, le=2**63 - 1, description="the incident's number")]


class Written(Asked):
    """A section in Markdown; refused where `version` is not the newest (0: the draft)."""

    text: Text
    version: int


class Stepped(Asked):
    """Another state; going back needs a reason."""

    to: State
    reason: Text = ""


class Arranged(Asked):
    """Who sees to it (null: nobody), and by when."""

    owner: Annotated[str | None, Field(description="a user name")]
    due_at: AwareDatetime


class PostmortemLine(Schema):
    """A postmortem without its text."""

    incident: int
    id: Annotated[str, Field(description="of the incident", examples=["INC-023"])]
    title: str
    need: Need
    need_reason: str
    state: State
    owner: str | None
    due_at: datetime
    is_overdue: bool
    completed_at: datetime | None
    completed_by: str

    @classmethod
    def told(cls, held: Postmortem) -> dict[str, Any]:
        """What there is to say of a postmortem that comes with its incident and owner."""
        return {
            "incident": held.pk,
            "id": held.incident.name,
            "title": held.incident.title,
            "need": held.need,
            "need_reason": held.need_reason,
            "state": held.state,
            "owner": held.owner.username if held.owner else None,
            "due_at": held.due_at,
            "is_overdue": held.completed_at is None and timezone.now() >= held.due_at,
            "completed_at": held.completed_at,
            "completed_by": held.completed_by,
        }


class SectionOut(Schema):
    """A section. `version` 0: drafted from the record, as that is now; `drafted` is that draft in any case."""

    section: Section
    heading: str
    text: str
    drafted: str
    version: int
    author: str
    at: datetime | None
    to_write: Annotated[int, Field(description="places where a person must still write")]

    @classmethod
    def of(cls, section: Section, said: Said) -> SectionOut:
        """What a section says."""
        return cls(
            section=section,
            heading=section.heading,
            text=said.text,
            drafted=said.drafted,
            version=said.version,
            author=said.author,
            at=said.at,
            to_write=marks(said.text),
        )


class PostmortemOut(PostmortemLine):
    """A postmortem."""

    sections: list[SectionOut]


class Postmortems(Schema):
    """Postmortems of a view: what is due first comes first, what was completed last."""

    items: list[PostmortemLine]


class Document(Schema):
    """A postmortem as a file."""

    file_name: str
    text: str


@router.get("", response=Postmortems, summary="List postmortems", auth=TO_READ)
def index(request: HttpRequest, view: Literal["pending", "in review", "complete"] = "pending") -> Postmortems:
    """The first two hundred of a view."""
    return Postmortems(
        items=[PostmortemLine(**PostmortemLine.told(row)) for row in visible(request, in_view(view))[:MOST]]
    )


@router.get("/{number}", response=PostmortemOut, summary="One postmortem", auth=TO_READ)
def one(request: HttpRequest, number: Number) -> PostmortemOut:
    """With every section."""
    return _told(number)


@router.post("/{number}", response={201: PostmortemOut}, summary="Open one that nothing calls for", auth=TO_RESPOND)
def create(request: HttpRequest, number: Number) -> Answered[PostmortemOut]:
    """Of an incident that is over."""
    changes.open_by_hand(number, actor=who(request).user.username, now=timezone.now())
    return Answered(201, _told(number))


@router.put("/{number}/sections/{section}", response=PostmortemOut, summary="Write a section", auth=TO_RESPOND)
def write(request: HttpRequest, number: Number, section: Section, body: Written) -> PostmortemOut:
    """Its older versions are kept."""
    _found(number)
    actor = who(request).user.username
    changes.write(number, section, body.text, seen=body.version, actor=actor, now=timezone.now())
    return _told(number)


@router.post("/{number}/state", response=PostmortemOut, summary="Move it", auth=TO_RESPOND)
def move(request: HttpRequest, number: Number, body: Stepped) -> PostmortemOut:
    """To review, to complete, or back with a reason."""
    _found(number)
    changes.move(number, body.to, reason=body.reason, actor=who(request).user.username, now=timezone.now())
    return _told(number)


@router.post("/{number}/plan", response=PostmortemOut, summary="Say whose it is, and by when", auth=TO_RESPOND)
def plan(request: HttpRequest, number: Number, body: Arranged) -> PostmortemOut:
    """Both at once."""
    held, actor, now = _found(number), who(request).user.username, timezone.now()
    owner = owner_called(body.owner or "", number)
    if owner != held.owner_id:
        changes.own(number, owner, body.owner or "", actor=actor, now=now)
    if body.due_at != held.due_at:
        changes.reschedule(number, body.due_at, actor=actor, now=now)
    return _told(number)


@router.get("/{number}/document", response=Document, summary="It as Markdown", auth=TO_READ)
def document(request: HttpRequest, response: HttpResponse, number: Number) -> Document:
    """With front matter, as it is exported."""
    name, text = exported(_found(number))
    return Document(file_name=name, text=text)


def _found(number: int) -> Postmortem:
    try:
        return postmortem_of(number)
    except Postmortem.DoesNotExist as error:
        raise HttpError(404, f"{incident_name(number)} has no postmortem.") from error


def _told(number: int) -> PostmortemOut:
    held = _found(number)
    sections = [SectionOut.of(section, said) for section, said in texts_of(held).items()]
    return PostmortemOut(**PostmortemLine.told(held), sections=sections)

"""Evidence over the API: list, attach, download, remove."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router, Schema, UploadedFile
from ninja import Status as Answered
from pydantic import Field

from tocsin.incidents import attaching
from tocsin.incidents.attaching import LONGEST_CAPTION, LONGEST_URL, Piece
from tocsin.incidents.attachments import AttachedPicture, Attachment, Kind
from tocsin.incidents.models import Incident
from tocsin.web.api.callers import TO_READ, TO_RESPOND, who
from tocsin.web.api.shapes import Asked, Text
from tocsin.web.pages.attaching import picture_bytes
from tocsin.web.pages.attachments import attached_to, picture_response
from tocsin.web.pages.people import may_manage

router = Router(tags=["evidence"])
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Ordinal = Annotated[int, Field(ge=1, le=2**31 - 1)]
Caption = Annotated[str, Field(max_length=LONGEST_CAPTION, description="what it shows")]


class Told(Asked):
    """A link with its address, or an excerpt of a metric, a log or a trace."""

    kind: Literal[Kind.LINK, Kind.METRIC, Kind.LOG, Kind.TRACE]
    caption: Caption = ""
    text: Annotated[Text, Field(description="an excerpt; secrets in it are taken out before it is kept")] = ""
    url: Annotated[str, Field(max_length=LONGEST_URL, description="http or https")] = ""


class EvidenceOut(Schema):
    """A piece of evidence that somebody attached."""

    number: Annotated[int, Field(description="its own, within the incident")]
    kind: Kind
    caption: str
    text: str
    url: str
    added_by: str
    added_at: datetime
    picture: Annotated[str | None, Field(description="where the screenshot is downloaded")]

    @classmethod
    def of(cls, kept: Attachment) -> EvidenceOut:
        """A piece as it is kept."""
        is_shown = kept.kind == Kind.SCREENSHOT
        address = f"/api/v1/incidents/{kept.incident_id}/evidence/{kept.ordinal}/picture" if is_shown else None
        told = {name: getattr(kept, name) for name in ("kind", "caption", "text", "url", "added_by", "added_at")}
        return cls(**told, number=kept.ordinal, picture=address)


class Evidence(Schema):
    """All the evidence of an incident, oldest first: it holds a hundred pieces at most."""

    items: list[EvidenceOut]


@router.get("/{number}/evidence", response=Evidence, summary="What people attached to it", auth=TO_READ)
def index(request: HttpRequest, number: Number) -> Evidence:
    """All of it."""
    return Evidence(items=[EvidenceOut.of(row) for row in attached_to(Incident.objects.get(pk=number)).rows])


@router.post("/{number}/evidence", response={201: EvidenceOut}, summary="Attach a link or an excerpt", auth=TO_RESPOND)
def attach(request: HttpRequest, number: Number, body: Told) -> Answered[EvidenceOut]:
    """Said on the timeline."""
    return _attached(request, number, Piece(body.kind, body.caption, body.text, body.url))


@router.post(
    "/{number}/evidence/screenshots", response={201: EvidenceOut}, summary="Attach a screenshot", auth=TO_RESPOND
)
def screenshot(
    request: HttpRequest, number: Number, file: File[UploadedFile], caption: Form[Caption] = ""
) -> Answered[EvidenceOut]:
    """A PNG, JPEG, WebP or GIF of 5 MB at most, as the part `file` of a form."""
    return _attached(request, number, Piece(Kind.SCREENSHOT, caption, picture=picture_bytes(file)))


@router.get("/{number}/evidence/{ordinal}/picture", summary="Download a screenshot", auth=TO_READ)
def picture(request: HttpRequest, number: Number, ordinal: Ordinal) -> HttpResponse:
    """Its bytes, of the type that they are."""
    kept = get_object_or_404(AttachedPicture, attachment__incident=number, attachment__ordinal=ordinal)
    return picture_response(kept, number, ordinal)


@router.delete("/{number}/evidence/{ordinal}", response={204: None}, summary="Take a piece away", auth=TO_RESPOND)
def remove(request: HttpRequest, number: Number, ordinal: Ordinal) -> Answered[None]:
    """One's own; managers may remove any."""
    caller = who(request)
    is_manager = may_manage(request)
    attaching.remove(number, ordinal, actor=caller.user.username, is_manager=is_manager, now=timezone.now())
    return Answered(204, None)


def _attached(request: HttpRequest, number: int, piece: Piece) -> Answered[EvidenceOut]:
    made = attaching.attach(number, piece, actor=who(request).user.username, now=timezone.now())
    return Answered(201, EvidenceOut.of(made))

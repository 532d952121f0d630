"""How this installation communicates, over the API: the texts of rhythm, templates and checklists."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from tocsin.incidents import communication
from tocsin.incidents.changes import BadChange
from tocsin.incidents.communication import DEFAULTS, Text
from tocsin.web.api.callers import TO_MANAGE, TO_READ, who
from tocsin.web.api.shapes import Asked
from tocsin.web.api.shapes import Text as Long

router = Router(tags=["communication"])


class Rewritten(Asked):
    """A text in other words; an empty one brings Tocsin's own back. Refused where `version` is not the newest."""

    text: Long
    version: int


class TextOut(Schema):
    """A text as it counts."""

    key: Annotated[str, Field(examples=["rhythm", "template-external-identified", "checklist-critical"])]
    text: str
    version: Annotated[int, Field(description="0 is Tocsin's own")]
    author: str
    at: datetime | None

    @classmethod
    def of(cls, held: Text) -> TextOut:
        """A text with who wrote it."""
        kept = held.kept
        author, at = (kept.author, kept.at) if kept else ("", None)
        return cls(key=held.key, text=held.text, version=held.version, author=author, at=at)


class Texts(Schema):
    """Every text."""

    items: list[TextOut]


@router.get("", response=Texts, summary="How often, in which words, and what must not be forgotten", auth=TO_READ)
def index(request: HttpRequest) -> Texts:
    """The rhythm of updates, their templates, and the checklists."""
    return Texts(items=[TextOut.of(held) for held in communication.texts().values()])


@router.put("/{key}", response=TextOut, summary="Say it otherwise", auth=TO_MANAGE)
def rewrite(request: HttpRequest, key: str, body: Rewritten) -> TextOut:
    """A new version of a text. What can't be read in it is said."""
    if key not in DEFAULTS:
        raise Http404("There is no such text.")
    author = who(request).user.username
    try:
        return TextOut.of(communication.keep(key, body.text, seen=body.version, author=author, now=timezone.now()))
    except ValueError as error:
        raise BadChange(str(error)) from error

"""What people do with the evidence of an incident: each a form, answered with the incident's page."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from tocsin.incidents import attaching
from tocsin.incidents.attaching import Piece
from tocsin.incidents.attachments import Kind
from tocsin.incidents.changes import BadChange
from tocsin.incidents.pictures import MOST_BYTES, too_large
from tocsin.web.pages.actions import done, one_of
from tocsin.web.pages.people import for_responders, may_manage


@for_responders
def add(request: HttpRequest, number: int) -> HttpResponse:
    """POST kind, caption, text, url, picture (a file): a piece of evidence."""

    def change(actor: str, now: datetime) -> str:
        kind = one_of(Kind, request.POST.get("kind", ""), "kind of evidence")
        words = {name: request.POST.get(name, "") for name in ("caption", "text", "url")}
        file = request.FILES.get("picture")
        piece = Piece(kind, **words, picture=picture_bytes(file) if isinstance(file, UploadedFile) else b"")
        return f"#evidence-{attaching.attach(number, piece, actor=actor, now=now).ordinal}"

    return done(request, number, "evidence", change)


@for_responders
def remove(request: HttpRequest, number: int, ordinal: int) -> HttpResponse:
    """POST: takes a piece away."""

    def change(actor: str, now: datetime) -> str:
        attaching.remove(number, ordinal, actor=actor, is_manager=may_manage(request), now=now)
        return "#evidence"

    return done(request, number, "evidence", change)


def picture_bytes(file: UploadedFile[bytes]) -> bytes:
    """What was uploaded. Raises BadChange before a byte too many is read."""
    if (file.size or 0) > MOST_BYTES:
        raise BadChange(too_large(file.size or 0))
    content: bytes = file.read()
    return content

"""Evidence that people attached to an incident, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tocsin.incidents.attachments import AttachedPicture, Attachment, Kind
from tocsin.incidents.lifecycle import incident_name
from tocsin.incidents.models import Incident
from tocsin.incidents.pictures import Picture

# A file opened by its address is a picture and nothing else: no type is guessed, and nothing in it may run or load.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
}


@dataclass(frozen=True, slots=True)
class Attached:
    """The evidence of an incident that people attached, oldest first; pictures are fetched by their addresses."""

    rows: list[Attachment]

    @property
    def version(self) -> str:
        """Changes when there is something else to show: nothing of a piece ever does."""
        return "-".join(str(row.ordinal) for row in self.rows)

    @property
    def kinds(self) -> list[Kind]:
        """What can be attached, in the order of the form."""
        return list(Kind)


def attached_to(incident: Incident) -> Attached:
    """One query, without the pictures' bytes."""
    found = Attachment.objects.filter(incident=incident, removed_at=None).order_by("ordinal")
    return Attached(list(found.select_related("picture").defer("picture__content")))


@require_safe
def picture(request: HttpRequest, number: int, ordinal: int) -> HttpResponse:
    """GET: the screenshot itself."""
    kept = get_object_or_404(AttachedPicture, attachment__incident=number, attachment__ordinal=ordinal)
    return picture_response(kept, number, ordinal)


def picture_response(kept: AttachedPicture, number: int, ordinal: int) -> HttpResponse:
    """A screenshot's bytes, as the type that was told from them, in an answer in which nothing can run."""
    extension = Picture(kept.media_type, kept.width, kept.height).extension
    name = f"{incident_name(number)}-evidence-{ordinal}.{extension}"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(bytes(kept.content), kept.media_type, headers=_HEADERS | disposition)

"""What people do with evidence: attach it and take it away again, each with a line on the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from tocsin.ground.redaction import redact_text
from tocsin.ground.secrets import redaction_key
from tocsin.incidents.attachments import AttachedPicture, Attachment, Kind
from tocsin.incidents.changes import BadChange, locked, record
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.pictures import BadPicture, picture_of

MOST_PIECES = 100
MOST_SCREENSHOTS = 30
LONGEST_TEXT = 100_000
LONGEST_CAPTION = 300
LONGEST_URL = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to attach: a link has an address, a metric, log or trace an excerpt, a screenshot the bytes of a picture."""

    kind: Kind
    caption: str = ""
    text: str = ""
    url: str = ""
    picture: bytes = b""


@transaction.atomic
def attach(incident_id: int, piece: Piece, *, actor: str, now: datetime) -> Attachment:
    """Keeps a piece of evidence, secrets in its words taken out. Raises BadChange with what is wrong, Incident.DoesNotExist."""
    incident = locked(incident_id)
    clean = _checked(piece)
    _refuse_too_many(incident, piece.kind)
    newest = Attachment.objects.filter(incident=incident).aggregate(Max("ordinal"))["ordinal__max"] or 0
    made = Attachment.objects.create(
        incident=incident,
        ordinal=newest + 1,
        kind=piece.kind.value,
        caption=clean.caption,
        text=clean.text,
        url=clean.url,
        added_by=actor,
        added_at=now,
    )
    if piece.kind is Kind.SCREENSHOT:
        _keep_picture(made, piece.picture)
    said = f": {clean.caption}" if clean.caption else "."
    record(
        incident,
        "evidence",
        f"Evidence {made.ordinal}, a {piece.kind}{said}",
        actor=actor,
        now=now,
        evidence=made.ordinal,
    )
    return made


@transaction.atomic
def remove(incident_id: int, ordinal: int, *, actor: str, is_manager: bool, now: datetime) -> None:
    """Takes a piece away: who attached it may, and managers. Nothing of it is kept, nor what its entry quotes.

    Raises BadChange.
    """
    incident = locked(incident_id)
    piece = Attachment.objects.filter(incident=incident, ordinal=ordinal, removed_at=None).first()
    if piece is None:
        raise BadChange(f"There is no evidence {ordinal} (any more).")
    if piece.added_by != actor and not is_manager:
        raise BadChange(f"{piece.added_by} attached this: they can remove it, or a manager.")
    AttachedPicture.objects.filter(attachment=piece).delete()
    piece.caption = piece.text = piece.url = ""
    piece.removed_by, piece.removed_at = actor, now
    piece.save()
    told = TimelineEntry.objects.filter(incident=incident, kind="evidence", reference__evidence=ordinal)
    told.update(text=f"Evidence {ordinal}, a {piece.kind}; removed since.")
    record(incident, "evidence", f"Evidence {ordinal}, a {piece.kind}, removed.", actor=actor, now=now)


def _checked(piece: Piece) -> Piece:
    """The same without secrets and what can't be stored. Raises BadChange."""
    key = redaction_key(settings.SECRET_KEY)
    caption = redact_text(" ".join(piece.caption.replace("\x00", "").split()), key)
    text = redact_text(piece.text.replace("\x00", "").replace("\r\n", "\n").strip("\n"), key)
    if len(caption) > LONGEST_CAPTION:
        raise BadChange(f"The caption is too long: {LONGEST_CAPTION} characters at most.")
    if len(text) > LONGEST_TEXT:
        raise BadChange(
            f"The excerpt has {len(text):,} characters, {LONGEST_TEXT:,} at most: attach the part that matters."
        )
    url = _checked_url(piece.url.strip(), key)
    if piece.kind is Kind.LINK and not url:
        raise BadChange("A link needs its address.")
    if piece.kind in (Kind.METRIC, Kind.LOG, Kind.TRACE) and not text.strip():
        raise BadChange(f"Paste the {piece.kind}: what you saw may be gone at its source tomorrow.")
    return Piece(piece.kind, caption, text, url)


def _checked_url(url: str, key: bytes) -> str:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if url and (not is_web or not url.isprintable() or len(url) > LONGEST_URL):
        raise BadChange("The address must begin with http:// or https://, and have 2,000 characters at most.")
    if url and (parts.username or parts.password):
        raise BadChange("Leave the user name and password out of the address: everybody here can read it.")
    return redact_text(url, key)


def _refuse_too_many(incident: Incident, kind: Kind) -> None:
    there = Attachment.objects.filter(incident=incident, removed_at=None)
    if there.count() >= MOST_PIECES:
        raise BadChange(f"{incident.name} has {MOST_PIECES} pieces of evidence; remove one that says nothing first.")
    if kind is Kind.SCREENSHOT and there.filter(kind=kind.value).count() >= MOST_SCREENSHOTS:
        raise BadChange(f"{incident.name} has {MOST_SCREENSHOTS} screenshots; remove one that says nothing first.")


def _keep_picture(piece: Attachment, content: bytes) -> None:
    if not content:
        raise BadChange("Paste, drop or choose a screenshot.")
    try:
        seen = picture_of(content)
    except BadPicture as error:
        raise BadChange(str(error)) from error
    AttachedPicture.objects.create(
        attachment=piece, content=content, media_type=seen.media_type, width=seen.width, height=seen.height
    )

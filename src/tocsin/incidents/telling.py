"""Sending status updates: what is sent is kept as it is, told on the timeline, and winds the clock anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tocsin.ground.models import Timer
from tocsin.ground.plain import clipped
from tocsin.incidents import changes, update_clocks
from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.plain_words import Finding, findings, own_findings
from tocsin.incidents.updates import SENT, StatusUpdate

LONGEST_HEADLINE = 120
LONGEST_TEXT = 10_000
FURTHEST = timedelta(days=30)
_WHOM = {Audience.INTERNAL: "the team", Audience.EXTERNAL: "outsiders"}


class Unread(BadChange):
    """Words that its sender has not said to have read; `found` are those in the headline, a line feed, and the text."""

    def __init__(self, found: list[Finding]) -> None:
        said = ", ".join(dict.fromkeys(f"{one.kind} “{clipped(one.said, 60)}”" for one in found))
        barred = any(one.is_barred for one in found)
        what = (
            "A secret is never sent: take it out."
            if barred
            else "Say it otherwise, or confirm that you have read this."
        )
        super().__init__(f"Not sent yet. This holds {said}. {what}")
        self.found = found


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wants to tell; `corrects` is the id of an update that this one puts right."""

    audience: Audience
    moment: Moment
    headline: str
    text: str
    impact: Impact
    data_loss: DataLoss = DataLoss.UNKNOWN
    next_update_at: datetime | None = None
    corrects: int | None = None

    @property
    def whole(self) -> str:
        """What is looked through for words that are not for its audience."""
        return f"{self.headline}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Known:
    """What findings depend on: internal names of the incident, names that outsiders use, and the key of redaction."""

    names: Iterable[str]
    public: Iterable[str]
    key: bytes


def found_in(said: Said, known: Known) -> list[Finding]:
    """What in an update is not for its audience; offsets are into `said.whole`."""
    if said.audience == Audience.INTERNAL:
        return own_findings(said.whole, key=known.key)
    return findings(said.whole, names=known.names, public=known.public, key=known.key)


@transaction.atomic
def send(incident_id: int, said: Said, known: Known, *, is_read: bool, actor: str, now: datetime) -> StatusUpdate:
    """Sends an update. `is_read`: its sender has read what was found in it, and means it so.

    Raises BadChange, Unread among them, and Incident.DoesNotExist.
    """
    incident = changes.locked(incident_id)
    said = _checked(said, now)
    found = [one for one in found_in(said, known) if not one.is_hint]
    if any(one.is_barred for one in found) or (found and not is_read):
        raise Unread(found)
    update = StatusUpdate.objects.create(
        incident=incident,
        audience=said.audience.value,
        moment=said.moment.value,
        headline=said.headline,
        text=said.text,
        impact=said.impact.value,
        data_loss=said.data_loss.value,
        next_update_at=said.next_update_at,
        sent_by=actor,
        sent_at=now,
        corrects=_corrected(incident, said),
    )
    _record(update, actor, now)
    Timer.objects.update_or_create(kind=SENT, key=str(update.pk), defaults={"due_at": now})
    update_clocks.look(incident_id, now)
    return update


def updates_of(incident: Incident) -> QuerySet[StatusUpdate]:
    """What was told of an incident, newest first."""
    return StatusUpdate.objects.filter(incident=incident).order_by("-id")


def _checked(said: Said, now: datetime) -> Said:
    headline = " ".join(said.headline.replace("\x00", "").split())
    text = said.text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not headline or len(headline) > LONGEST_HEADLINE:
        raise BadChange(f"Say in the headline what does not work, in {LONGEST_HEADLINE} characters at most.")
    if not text or len(text) > LONGEST_TEXT:
        raise BadChange(f"Say something, in {LONGEST_TEXT:,} characters at most.")
    if said.next_update_at is not None and not now < said.next_update_at <= now + FURTHEST:
        raise BadChange(f"The next update can only be promised for a time to come, {FURTHEST.days} days ahead at most.")
    is_last = said.moment == Moment.RESOLVED
    return Said(
        said.audience,
        said.moment,
        headline,
        text,
        said.impact,
        said.data_loss,
        None if is_last else said.next_update_at,
        said.corrects,
    )


def _corrected(incident: Incident, said: Said) -> StatusUpdate | None:
    if said.corrects is None:
        return None
    found = StatusUpdate.objects.filter(pk=said.corrects, incident=incident, audience=said.audience).first()
    if found is None:
        raise BadChange("What is to be corrected is no update of this incident for this audience.")
    return found


def _record(update: StatusUpdate, actor: str, now: datetime) -> None:
    whom = _WHOM[Audience(update.audience)]
    what = "Corrected what was told to" if update.corrects else "Told"
    text = f"{what} {whom} ({update.moment}): {update.headline}. {clipped(update.text, 300)}"
    reference = {"update": update.pk, "audience": update.audience}
    changes.record(update.incident, "message", text, actor=actor, now=now, **reference)

"""What people (and Tocsin's timers) do to an incident: each change under a row lock, each with who, when and why.

Every function runs in a transaction of its own, or in its caller's, and tells open pages when that commits.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection, transaction

from tocsin.ground.models import Timer
from tocsin.incidents.lifecycle import Resolution, Status, incident_name, is_open, move
from tocsin.incidents.models import Incident, IncidentOccurrence, TimelineEntry

TOCSIN = "tocsin"
# The timer that goes off when an incident is over: what its end calls for is the matter of later stages.
ENDED = "ended"
# The timer that looks whether something still fires a quiet period after people called it over.
OUTLASTED = "outlasted"
AFTERWARDS = timedelta(seconds=1)  # so that the period is over when it looks
# The timer that goes off when it is open again.
REOPENED = "reopened"


class BadChange(Exception):
    """A change that can't be made as asked; the message says why, for the person who asked."""


def record(incident: Incident, kind: str, text: str, *, actor: str, now: datetime, **reference: Any) -> TimelineEntry:
    """Writes a line of the timeline and tells open pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('tocsin', %s)", [json.dumps({"incidents": [incident.pk]})])
    return TimelineEntry.objects.create(
        incident=incident, at=now, kind=kind, actor=actor, text=text, reference=reference
    )


def announce_end(incident: Incident, now: datetime) -> None:
    """Has later stages look at once at what the end of an incident calls for."""
    Timer.objects.update_or_create(kind=ENDED, key=str(incident.pk), defaults={"due_at": now})


def _still_fires(incident: Incident) -> bool:
    links = IncidentOccurrence.objects.filter(incident=incident, left_at=None, occurrence__ends_at=None)
    return links.exists()


def _watch_what_fires(incident: Incident, now: datetime) -> None:
    """Has it looked at whether alerts that still fire outlast the end of their incident."""
    if _still_fires(incident):
        due = now + incident.quiet_period + AFTERWARDS
        Timer.objects.update_or_create(kind=OUTLASTED, key=str(incident.pk), defaults={"due_at": due})


def locked(incident_id: int) -> Incident:
    """The incident, kept from other changes until commit. Raises Incident.DoesNotExist.

    Without its keys: ingest writes rows that refer to incidents, and must not wait for, or be waited for by, a person's change.
    """
    return Incident.objects.select_for_update(no_key=True).get(pk=incident_id)


@transaction.atomic
def change_status(
    incident_id: int,
    to: Status,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    resolution: Resolution | None = None,
) -> Incident:
    """Moves an incident to another stage. Raises lifecycle.IllegalMove, naming the move, when it may not; BadChange while it
    still owes something before it may be closed, and for reopening what is part of another incident.
    """
    incident = locked(incident_id)
    current = Status(incident.status)
    made = move(current, to, reason=reason, resolution=resolution)
    if why := _refusal(incident, to, reopens=made.reopens):
        raise BadChange(why)
    incident.status = to.value
    for left in made.left:
        setattr(incident, f"{left}_at", None)
    setattr(incident, f"{to}_at", now)
    if is_open(current) and not is_open(to):
        incident.resolved_at = now
        announce_end(incident, now)
        _watch_what_fires(incident, now)
    if resolution is not None:
        incident.resolution = resolution.value
    if made.reopens:
        incident.resolution, incident.quiet_since = "", None
        Timer.objects.update_or_create(kind=REOPENED, key=str(incident.pk), defaults={"due_at": now})
    incident.save()
    text = f"Reopened from {current}, now {to}" if made.reopens else f"{current} → {to}"
    if resolution is not None:
        text += f" ({resolution})"
    said = f"{text}: {reason}" if reason else f"{text}."
    record(incident, "status", said, actor=actor, now=now, was=current.value, to=to.value)
    return incident


def _refusal(incident: Incident, to: Status, *, reopens: bool) -> str:
    """Why this incident can't make a move that the lifecycle knows; empty where it can."""
    if reopens and incident.merged_into_id is not None:
        return f"{incident.name} is part of {incident_name(incident.merged_into_id)}: take it out again instead."
    owes = incident.owes
    if Timer.objects.filter(kind=ENDED, key=str(incident.pk)).exists():
        owes = "what its end calls for is being looked at; try again in a moment"
    return f"{incident.name} can't be closed yet: {owes}." if to == Status.CLOSED and owes else ""


@transaction.atomic
def assign(incident_id: int, user_id: int | None, user_name: str, *, actor: str, now: datetime) -> None:
    """Gives an incident to a person, or to nobody."""
    incident = locked(incident_id)
    was, incident.assignee_id = incident.assignee_id, user_id
    incident.save()
    told = f"Assigned to {user_name or 'nobody'}."
    record(incident, "assignment", told, actor=actor, now=now, was=was, to=user_id)


@transaction.atomic
def add_note(
    incident_id: int, text: str, *, actor: str, now: datetime, kind: Literal["note", "decision"] = "note"
) -> TimelineEntry:
    """A person's words, kept as written (Markdown); those of a decision stand out. Raises BadChange for an empty one."""
    if not text.strip():
        raise BadChange(f"The {kind} is empty.")
    return record(locked(incident_id), kind, text.replace("\x00", ""), actor=actor, now=now)


@transaction.atomic
def resolve_if_quiet(incident_id: int, now: datetime) -> bool:
    """Resolves an incident whose alerts have all been quiet for its quiet period; False where that is not so (any more)."""
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None or not is_open(Status(incident.status)) or incident.quiet_since is None:
        return False
    if now < incident.quiet_since + incident.quiet_period:
        return False
    if _still_fires(incident):
        return False
    worked_on = incident.status == Status.MITIGATING
    resolution = Resolution.FIXED if worked_on else Resolution.RECOVERED
    minutes = incident.quiet_period.total_seconds() / 60
    reason = f"all its alerts have been quiet for {minutes:g} min"
    change_status(incident_id, Status.RESOLVED, actor=TOCSIN, now=now, reason=reason, resolution=resolution)
    return True

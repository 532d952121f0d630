"""Taking back what one has just done to an incident: the change is made the other way round, and the timeline says both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.accounts.models import User
from tocsin.incidents import assessments, clocks
from tocsin.incidents.changes import BadChange, locked, record
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.roles import RoleHolder

UNDONE = "undone"
# How long it is offered; whoever asks in the last moment is still heard.
OFFERED = timedelta(seconds=10)
_HEARD = OFFERED + timedelta(seconds=5)
# What can be taken back: that nobody else has built on it is made sure of by what the entry says it was changed to.
_CHANGED = "It has been changed again since: nothing was undone."


def undoable(incident_id: int, actor: str, now: datetime) -> TimelineEntry | None:
    """What somebody did last to an incident, while it can be taken back; one query."""
    recent = TimelineEntry.objects.filter(incident=incident_id, actor=actor, at__gt=now - OFFERED)
    newest = recent.order_by("-id").first()
    return newest if newest is not None and _is_reversible(newest) else None


@transaction.atomic
def undo(incident_id: int, entry_id: int, *, actor: str, now: datetime) -> TimelineEntry:
    """Takes back what an entry of one's own tells of, within seconds of it.

    Raises BadChange: too late, another's, nothing that can be taken back, or changed again since.
    """
    incident = locked(incident_id)
    entry = TimelineEntry.objects.filter(incident=incident, pk=entry_id).first()
    if entry is None or entry.actor != actor:
        raise BadChange("Only what you did yourself can be undone.")
    if not _is_reversible(entry):
        raise BadChange("This can't be undone; change it again instead.")
    if now > entry.at + _HEARD:
        raise BadChange("It is too late to undo this; change it again instead.")
    if TimelineEntry.objects.filter(incident=incident, kind=UNDONE, reference__undoes=entry.pk).exists():
        raise BadChange("This is undone already.")
    _REVERSED[entry.kind](incident, entry, now)
    told = f"Undone: {entry.text}"
    return record(incident, UNDONE, told, actor=actor, now=now, undoes=entry.pk)


def _is_reversible(entry: TimelineEntry) -> bool:
    """Whether it is a change of a kind that is harmless to take back. Ends and reopenings are not: others hear of them."""
    if entry.kind not in _REVERSED or not {"was", "to"} <= entry.reference.keys():
        return False
    stages = [entry.reference[name] for name in ("was", "to")] if entry.kind == "status" else []
    return all(is_open(Status(stage)) for stage in stages)


def _unmove(incident: Incident, entry: TimelineEntry, now: datetime) -> None:
    _refuse_unless(incident.status == entry.reference["to"])
    incident.status = entry.reference["was"]
    setattr(incident, f"{entry.reference['to']}_at", None)
    incident.save()
    clocks.look_at(incident, now)


def _unassign(incident: Incident, entry: TimelineEntry, now: datetime) -> None:
    _refuse_unless(incident.assignee_id == entry.reference["to"])
    incident.assignee_id = _still_there(entry.reference["was"])
    incident.save()


def _unjudge(incident: Incident, entry: TimelineEntry, now: datetime) -> None:
    _refuse_unless(incident.severity == entry.reference["to"] and "because" in entry.reference)
    assessments.put_back_severity(incident, entry.reference, now)


def _unhand(incident: Incident, entry: TimelineEntry, now: datetime) -> None:
    role, was, to = (entry.reference[name] for name in ("role", "was", "to"))
    held = RoleHolder.objects.filter(incident=incident, role=role)
    _refuse_unless(held.values_list("person", flat=True).first() == to)
    if (before := _still_there(was)) is None:
        held.delete()
    else:
        RoleHolder.objects.update_or_create(incident=incident, role=role, defaults={"person_id": before, "since": now})


def _refuse_unless(is_as_it_was_left: bool) -> None:
    if not is_as_it_was_left:
        raise BadChange(_CHANGED)


def _still_there(person_id: int | None) -> int | None:
    """The person, unless they are gone."""
    return person_id if person_id is not None and User.objects.filter(pk=person_id, is_active=True).exists() else None


_REVERSED: dict[str, Callable[[Incident, TimelineEntry, datetime], None]] = {
    "status": _unmove,
    "assignment": _unassign,
    "severity": _unjudge,
    "role": _unhand,
}

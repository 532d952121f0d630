"""What people do to schedules: each change under the schedule's row lock, with a line in its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tocsin.accounts.access import ALL, Role
from tocsin.catalog.imports.parsed import slug_of
from tocsin.catalog.memberships import people
from tocsin.ground.edits import BadEdit
from tocsin.oncall.clock import BadSchedule, Span, zone_named
from tocsin.oncall.definition import changes, check, people_of, read, written
from tocsin.oncall.models import Override, Schedule, ScheduleEntry, TemporarySchedule
from tocsin.oncall.schedule import Kind, Layer
from tocsin.oncall.schedule import Override as Value
from tocsin.oncall.shifts import shifts
from tocsin.oncall.store import value_of
from tocsin.oncall.walls import kept, span_of, wall

LONGEST_NAME, LONGEST_REASON, MOST_SHIFTS = 100, 500, 500
LONGEST_CHANGE = timedelta(days=400)
RESERVED = frozenset({"new"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A schedule as somebody wants it. `project`: its primary key, None for everybody's."""

    name: str
    zone: str
    layers: tuple[Layer, ...] = ()
    description: str = ""
    project: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An override as somebody asks for it: `starts` and `ends` are times of the clock in `zone`."""

    kind: Kind
    starts: str
    ends: str
    zone: str
    person: str = ""
    instead_of: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """A temporary schedule as somebody asks for it; each shift says `person`, `starts` and `ends`."""

    name: str
    starts: str
    ends: str
    zone: str
    shifts: Sequence[Mapping[str, str]] = field(default_factory=tuple)


@transaction.atomic
def create(draft: Draft, *, actor: str, now: datetime) -> Schedule:
    """A new schedule. Raises BadSchedule."""
    check_draft(draft)
    slug = slug_of(draft.name)
    if not slug:
        raise BadSchedule("Give the schedule a name with letters or digits.")
    if slug in RESERVED:
        raise BadSchedule(f"“{slug}” is the address of another page; give the schedule another name.")
    if Schedule.objects.filter(slug=slug).exists():
        raise BadSchedule(f"There is a schedule “{slug}” already; give this one another name.")
    row = Schedule(slug=slug, edited_by=actor, created_at=now, project_id=draft.project)
    _fill(row, draft)
    row.save()
    record(row, f"Made with {_counted(draft.layers)}.", actor, now, with_layers=True)
    return row


@transaction.atomic
def edit(schedule_id: int, draft: Draft, *, seen: int, actor: str, now: datetime) -> Schedule:
    """Another form of a schedule; `seen` is the version that was edited. Raises BadEdit (somebody was faster), BadSchedule."""
    row = locked(schedule_id)
    if row.version != seen:
        raise BadEdit(f"{row.edited_by} has changed “{row.name}” meanwhile. Look at what is new, then save again.")
    check_draft(draft, read(row.definition))
    said = _said(row, draft)
    if not said:
        return row
    _fill(row, draft)
    row.version, row.edited_by = row.version + 1, actor
    row.save()
    record(row, f"{said[:1].upper()}{said[1:]}.", actor, now, with_layers=True)
    return row


@transaction.atomic
def archive(schedule_id: int, *, actor: str, now: datetime) -> None:
    """Takes a schedule out of use; its history stays."""
    row = locked(schedule_id)
    row.archived_at, row.feed_hash = now, None
    row.save(update_fields=["archived_at", "feed_hash"])
    record(row, "Taken out of use.", actor, now)


@transaction.atomic
def override(schedule_id: int, change: Change, *, actor: str, now: datetime) -> Override:
    """Changes who is on call for a while. Raises BadSchedule."""
    row = locked(schedule_id)
    span = checked_span(change.starts, change.ends, change.zone, now)
    Value(change.kind, span, change.person, change.instead_of)
    known(row, [person for person in (change.person,) if person])
    if change.instead_of and change.instead_of not in {shift.person for shift in shifts(value_of(row, span), span)}:
        raise BadSchedule(f"{change.instead_of} is not on call then, so this would change nothing.")
    reason = _line(change.reason, "reason", LONGEST_REASON)
    made = Override.objects.create(
        schedule=row,
        kind=change.kind.value,
        person=change.person,
        instead_of=change.instead_of,
        starts=kept(wall(change.starts)),
        ends=kept(wall(change.ends)),
        zone=change.zone,
        reason=reason,
        created_by=actor,
        created_at=now,
    )
    record(row, f"Override: {told(made)}" + (f" ({reason})" if reason else ""), actor, now)
    return made


@transaction.atomic
def take_back(override_id: int, *, actor: str, now: datetime) -> None:
    """Undoes an override. Raises Override.DoesNotExist."""
    made = Override.objects.select_related("schedule").get(pk=override_id, removed_at=None)
    row = locked(made.schedule_id)
    Override.objects.filter(pk=override_id).update(removed_at=now)
    record(row, f"Took back the override: {told(made)}", actor, now)


@transaction.atomic
def stand_in(schedule_id: int, stand: Stand, *, actor: str, now: datetime) -> TemporarySchedule:
    """Puts a temporary schedule in place of all layers. Raises BadSchedule."""
    row = locked(schedule_id)
    whole = checked_span(stand.starts, stand.ends, stand.zone, now)
    if not stand.shifts:
        raise BadSchedule("Say who is on call in it: without a shift it would leave nobody on call all the time.")
    if len(stand.shifts) > MOST_SHIFTS:
        raise BadSchedule(f"These are {len(stand.shifts)} shifts; at most {MOST_SHIFTS} are taken.")
    shifts = [_checked_shift(shift, stand.zone, whole) for shift in stand.shifts]
    known(row, [shift["person"] for shift in shifts])
    made = TemporarySchedule.objects.create(
        schedule=row,
        name=_line(stand.name, "name", LONGEST_NAME) or "Temporary",
        starts=kept(wall(stand.starts)),
        ends=kept(wall(stand.ends)),
        zone=stand.zone,
        shifts=shifts,
        created_by=actor,
        created_at=now,
    )
    record(row, f"Temporary schedule “{made.name}” from {made.starts} to {made.ends} {made.zone}", actor, now)
    return made


@transaction.atomic
def stand_down(temporary_id: int, *, actor: str, now: datetime) -> None:
    """Takes a temporary schedule back. Raises TemporarySchedule.DoesNotExist."""
    made = TemporarySchedule.objects.get(pk=temporary_id, removed_at=None)
    row = locked(made.schedule_id)
    TemporarySchedule.objects.filter(pk=temporary_id).update(removed_at=now)
    record(row, f"Took back the temporary schedule “{made.name}”", actor, now)


def told(made: Override) -> str:
    """What an override does, in words: "bob instead of alice from … to … Europe/Berlin"."""
    who = {
        Kind.ADD: f"{made.person} as well",
        Kind.REMOVE: f"without {made.instead_of}",
        Kind.REPLACE: f"{made.person} instead of {made.instead_of or 'everybody'}",
    }[Kind(made.kind)]
    return f"{who} from {made.starts.replace('T', ' ')} to {made.ends.replace('T', ' ')} {made.zone}"


def locked(schedule_id: int) -> Schedule:
    """A schedule in use, held until the transaction ends. Raises Schedule.DoesNotExist."""
    return Schedule.objects.select_for_update(no_key=True).get(pk=schedule_id, archived_at=None)


def checked_span(starts: str, ends: str, zone: str, now: datetime) -> Span:
    """What two written times mean, where that can still change anything. Raises BadSchedule."""
    span = span_of(starts, ends, zone)
    if span.end <= now:
        raise BadSchedule("All of it is in the past.")
    if span.end - span.start > LONGEST_CHANGE:
        raise BadSchedule(f"It may last at most {LONGEST_CHANGE.days} days: for longer, edit the layers.")
    return span


def known(row: Schedule, names: Iterable[str], already: frozenset[str] = frozenset()) -> None:
    """Raises BadSchedule for a name of nobody who could be on call there; `already`: those who are in it anyway."""
    wanted = set(names) - already
    if not wanted:
        return
    there = people(Role.RESPONDER, ALL if row.project_id is None else [row.project_id])
    missing = wanted - set(there.filter(username__in=wanted).values_list("username", flat=True))
    if missing:
        raise BadSchedule(f"There is nobody called “{min(missing)}” who could be on call here.")


def _checked_shift(shift: Mapping[str, str], zone: str, whole: Span) -> dict[str, str]:
    span = span_of(shift["starts"], shift["ends"], zone)
    if span.start < whole.start or whole.end < span.end:
        raise BadSchedule(f"The shift of {shift['person']} reaches beyond the temporary schedule.")
    return {"person": shift["person"], "starts": kept(wall(shift["starts"])), "ends": kept(wall(shift["ends"]))}


def check_draft(draft: Draft, before: tuple[Layer, ...] = ()) -> None:
    """Raises BadSchedule where a draft could not be kept; who is in the layers `before` may stay, whatever became of them."""
    zone_named(draft.zone)
    _line(draft.name, "name", LONGEST_NAME)
    if not draft.name.strip():
        raise BadSchedule("Give the schedule a name.")
    check(draft.layers)
    known(Schedule(project_id=draft.project), people_of(draft.layers), frozenset(people_of(before)))


def _line(text: str, what: str, longest: int) -> str:
    line = " ".join(text.replace("\x00", "").split())
    if len(line) > longest:
        raise BadSchedule(f"The {what} is too long: {longest} characters at most.")
    return line


def _fill(row: Schedule, draft: Draft) -> None:
    row.name, row.zone = _line(draft.name, "name", LONGEST_NAME), draft.zone
    row.description = _line(draft.description, "description", LONGEST_REASON)
    row.definition = written(draft.layers)


def _said(row: Schedule, draft: Draft) -> str:
    renamed = f"renamed from “{row.name}”" if row.name != draft.name.strip() else ""
    moved = f"shown in {draft.zone} instead of {row.zone}" if row.zone != draft.zone else ""
    worded = "described in other words" if row.description != draft.description.strip() else ""
    return ", ".join(filter(None, (renamed, moved, worded, changes(read(row.definition), draft.layers))))


def _counted(layers: tuple[Layer, ...]) -> str:
    return "one layer" if len(layers) == 1 else f"{len(layers) or 'no'} layers"


def record(row: Schedule, text: str, actor: str, now: datetime, *, with_layers: bool = False) -> None:
    """Writes a line of a schedule's history, in the caller's transaction."""
    kept_as: dict[str, Any] = {"version": row.version, "definition": row.definition} if with_layers else {}
    ScheduleEntry.objects.create(schedule=row, at=now, actor=actor, text=text, **kept_as)

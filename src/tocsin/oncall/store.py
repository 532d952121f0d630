"""Schedules out of the database, as the values that decide; and who is on call by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tocsin.accounts.models import User
from tocsin.oncall import models
from tocsin.oncall.clock import Span, zone_named
from tocsin.oncall.definition import people_of, read
from tocsin.oncall.handovers import Handover, handovers
from tocsin.oncall.models import Schedule, WallSpan
from tocsin.oncall.schedule import Absence, Kind, OnCall, Override, Planned, Temporary, who_is_on_call
from tocsin.oncall.schedule import Schedule as Value
from tocsin.oncall.shifts import Shift, shifts
from tocsin.oncall.walls import kept, span_of

# No two clocks on earth are further apart, so written times of any zone are compared with this much to spare.
APART = timedelta(days=2)
# Two turns of a week begin and end within the nearer one; only where nobody hands over in it does one look further.
SOON, LOOK_AHEAD = timedelta(days=15), timedelta(days=60)
Row = TypeVar("Row", bound=WallSpan)


def in_use() -> QuerySet[Schedule]:
    """The schedules by which people are called, by name."""
    return Schedule.objects.filter(archived_at=None).order_by("name", "pk")


def value_of(row: Schedule, span: Span) -> Value:
    """A schedule with all that has a part in `span`."""
    return values_of([row], span)[row.pk]


def values_of(rows: Sequence[Schedule], span: Span) -> dict[int, Value]:
    """Schedules, by primary key, each with all that has a part in `span`; four queries, however many they are."""
    layers = {row.pk: read(row.definition) for row in rows}
    absences = absences_in(span, {person for each in layers.values() for person in people_of(each)})
    overrides, temporaries = defaultdict(list), defaultdict(list)
    for kept_one in _near(models.Override.objects.filter(schedule__in=rows, removed_at=None), span):
        overrides[kept_one.schedule_id].append(override_of(kept_one))
    for temporary in _near(models.TemporarySchedule.objects.filter(schedule__in=rows, removed_at=None), span):
        temporaries[temporary.schedule_id].append(temporary_of(temporary))
    return {
        pk: Value(found, tuple(temporaries[pk]), tuple(overrides[pk]), tuple(absences)) for pk, found in layers.items()
    }


def with_people_away(value: Value, span: Span) -> Value:
    """A schedule that is not kept yet, with the absences of its people."""
    return replace(value, absences=tuple(absences_in(span, people_of(value.layers))))


def absences_in(span: Span, people: Iterable[str]) -> list[Absence]:
    """When these people are away in `span`; those who are not active, always."""
    people = set(people)
    rows = _near(models.Absence.objects.filter(user__username__in=people).select_related("user"), span)
    active = set(User.objects.filter(username__in=people, is_active=True).values_list("username", flat=True))
    always = Span(span.start - APART, span.end + APART)
    gone = (Absence(one, always, "their account is switched off") for one in sorted(people - active))
    return [*(absence_of(row) for row in rows), *gone]


def absence_of(row: models.Absence) -> Absence:
    """A kept absence as a value; the person comes with it."""
    return Absence(row.user.username, span_of(row.starts, row.ends, row.zone), row.reason)


def override_of(row: models.Override) -> Override:
    """A kept override as a value."""
    span = span_of(row.starts, row.ends, row.zone)
    return Override(Kind(row.kind), span, row.person, row.instead_of, row.created_by, row.reason)


def temporary_of(row: models.TemporarySchedule) -> Temporary:
    """A kept temporary schedule as a value."""
    planned = (Planned(each["person"], span_of(each["starts"], each["ends"], row.zone)) for each in row.shifts)
    return Temporary(row.name, span_of(row.starts, row.ends, row.zone), tuple(planned))


def _near(rows: QuerySet[Row], span: Span) -> QuerySet[Row]:
    return rows.filter(starts__lte=kept(span.end + APART), ends__gte=kept(span.start - APART)).order_by("pk")


def on_call(row: Schedule, at: datetime) -> OnCall:
    """Who is on call by a schedule at an instant."""
    return answers_of([row], at)[row.pk]


def answers_of(rows: Sequence[Schedule], at: datetime) -> dict[int, OnCall]:
    """Who is on call by each schedule at an instant, by primary key."""
    return {pk: who_is_on_call(value, at) for pk, value in values_of(rows, Span(at, at)).items()}


def past_shifts(row: Schedule, value: Value, span: Span) -> list[Shift]:
    """The shifts of a span that is over, by the layers as they were at each time; `value` has all else that there was in it."""
    kept_ones = row.history.exclude(definition=None).order_by("at", "pk").values_list("at", "definition")
    versions = [(at, read(definition)) for at, definition in kept_ones]
    ends = [at for at, _ in versions[1:]] + [span.end]
    found: list[Shift] = []
    for (at, layers), end in zip(versions, ends, strict=True):
        part = Span(max(at, span.start), min(end, span.end))
        if part.start < part.end:
            found += shifts(replace(value, layers=layers), part)
    return found


def handovers_due(after: datetime, now: datetime) -> list[tuple[Schedule, Handover]]:
    """The hand-overs of all schedules from `after` on, until just before `now`: what is to be told since one looked last."""
    rows, span = list(in_use()), Span(after, now)
    values = values_of(rows, span)
    return [(row, handover) for row in rows for handover in handovers(values[row.pk], span)]


def zones_of(people: Iterable[str]) -> dict[str, ZoneInfo]:
    """The own clocks of people who have said which they go by."""
    found = models.Carrier.objects.filter(user__username__in=list(people)).values_list("user__username", "zone")
    return {name: zone_named(zone) for name, zone in found}


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift, and on which schedule. `is_open`: it goes on beyond what was looked at, so that its end is none."""

    schedule: Schedule
    shift: Shift
    is_open: bool = False


def shifts_of(person: str, rows: Sequence[Schedule], span: Span) -> list[Turn]:
    """What one person has in a span on any of the schedules, as `turns_of`."""
    return turns_of(rows, span, person)


def turns_of(rows: Sequence[Schedule], span: Span, person: str | None = None) -> list[Turn]:
    """Whoever's, or one person's, shifts that begin in a span or run at its start, by their beginning, cut to that start.

    Their ends are the true ones; for one that goes over the end of the span, LOOK_AHEAD more is looked at.
    """
    found = _turns(rows, span, person)
    going_on = list({turn.schedule.pk: turn.schedule for turn in found if turn.shift.span.end == span.end}.values())
    if going_on:
        far = Span(span.start, span.end + LOOK_AHEAD)
        begun = [turn for turn in _turns(going_on, far, person) if turn.shift.span.start < span.end]
        found = [turn for turn in found if turn.schedule not in going_on]
        found += [replace(turn, is_open=turn.shift.span.end == far.end) for turn in begun]
    return sorted(found, key=lambda turn: (turn.shift.span.start, turn.schedule.name))


def _turns(rows: Sequence[Schedule], span: Span, person: str | None) -> list[Turn]:
    values = values_of(rows, span)
    held = (Turn(row, shift) for row in rows for shift in shifts(values[row.pk], span))
    return [turn for turn in held if person in (None, turn.shift.person)]


@dataclass(frozen=True, slots=True)
class Now:
    """A schedule at one instant: who is on call and until when, who comes next, or since when nobody is."""

    schedule: Schedule
    on_call: OnCall
    current: tuple[Shift, ...]
    next: tuple[Shift, ...]


def now_of(rows: Sequence[Schedule], at: datetime) -> list[Now]:
    """How schedules stand at an instant; looks LOOK_AHEAD for what comes next."""
    span = Span(at, at + LOOK_AHEAD)
    values = values_of(rows, span)
    near = Span(at, at + SOON)
    return [_now(row, values[row.pk], near) or _now_at_last(row, values[row.pk], span) for row in rows]


def _now(row: Schedule, value: Value, span: Span) -> Now | None:
    """How it stands, where all that is told of it ends within a span; else nothing."""
    found = _now_at_last(row, value, span)
    ends = [shift.span.end for shift in (*found.current, *found.next)]
    return found if found.next and max(ends) < span.end else None


def _now_at_last(row: Schedule, value: Value, span: Span) -> Now:
    found = shifts(value, span)
    current = tuple(shift for shift in found if shift.span.start == span.start)
    later = [shift for shift in found if shift.span.start > span.start]
    following = tuple(shift for shift in later if shift.span.start == later[0].span.start)
    return Now(row, who_is_on_call(value, span.start), current, following)

"""Shift swaps by request: somebody asks, another takes the shift over, with one of theirs in return if asked so: overrides.

What was asked can be answered until the first of the shifts begins; then it has expired, and everybody keeps their own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.accounts.models import User
from tocsin.oncall.changes import Change, checked_span, known, locked, override, record
from tocsin.oncall.clock import BadSchedule, Span, instant, zone_named
from tocsin.oncall.models import Schedule, Swap
from tocsin.oncall.schedule import Kind
from tocsin.oncall.store import APART, shifts_of
from tocsin.oncall.walls import kept, span_of, wall

OPEN, ACCEPTED, DECLINED, WITHDRAWN, EXPIRED = "open", "accepted", "declined", "withdrawn", "expired"
Times = tuple[str, str]


@transaction.atomic
def ask(
    schedule_id: int, change: Change, asker: User, of: User | None, now: datetime, *, in_return: Times | None = None
) -> Swap:
    """Asks `of`, or anybody (None), to take over what `asker` has in the times of `change`. Raises BadSchedule.

    `in_return`: from when to when, by the same clock, the asker takes over what `of` has.
    """
    row = locked(schedule_id)
    span = _ahead(row, asker, change, now)
    if of == asker:
        raise BadSchedule("Ask somebody else.")
    known(row, [of.username] if of else [])
    back = replace(change, starts=in_return[0], ends=in_return[1]) if in_return else None
    if back and of is None:
        raise BadSchedule("Say with whom you swap.")
    if back and of and span.overlaps(_ahead(row, of, back, now)):
        raise BadSchedule("What you take over begins before what you give is over: choose times that do not overlap.")
    made = Swap.objects.create(
        schedule=row,
        asked_by=asker,
        asked_of=of,
        starts=kept(wall(change.starts)),
        ends=kept(wall(change.ends)),
        zone=change.zone,
        return_starts=kept(wall(back.starts)) if back else "",
        return_ends=kept(wall(back.ends)) if back else "",
        reason=change.reason.replace("\x00", "").strip()[:500],
        created_at=now,
    )
    record(row, f"Asked {of.username if of else 'anybody'} to take over {told(made)}.", asker.username, now)
    return made


def _ahead(row: Schedule, person: User, change: Change, now: datetime) -> Span:
    """The time of a shift that can be swapped. Raises BadSchedule where it is not this person's, or has begun."""
    span = checked_span(change.starts, change.ends, change.zone, now)
    if span.start <= now:
        raise BadSchedule("It has begun. Ask for a time that is ahead, or choose who comes in: that holds at once.")
    if not shifts_of(person.username, [row], span):
        raise BadSchedule(f"{person.username} is not on call on “{row.name}” then.")
    return span


@transaction.atomic
def accept(swap_id: int, by: User, now: datetime) -> Swap:
    """Takes over what was asked, and gives what was asked in return: both or, where one is no longer possible, neither.

    Raises BadSchedule, Swap.DoesNotExist.
    """
    swap = _open(swap_id, now)
    if by == swap.asked_by or swap.asked_of not in (None, by):
        raise BadSchedule("This was asked of somebody else.")
    taken = _given(swap, swap.starts, swap.ends, swap.asked_by, by)
    swap.override = override(swap.schedule_id, taken, actor=by.username, now=now)
    if swap.return_starts:
        returned = _given(swap, swap.return_starts, swap.return_ends, by, swap.asked_by)
        swap.return_override = override(swap.schedule_id, returned, actor=by.username, now=now)
    return _answer(swap, ACCEPTED, by, now)


def _given(swap: Swap, starts: str, ends: str, giver: User, taker: User) -> Change:
    return Change(Kind.REPLACE, starts, ends, swap.zone, taker.username, giver.username, "swap")


@transaction.atomic
def decline(swap_id: int, by: User, now: datetime) -> Swap:
    """Says no, which only whoever was asked by name can. Raises BadSchedule, Swap.DoesNotExist."""
    swap = _open(swap_id, now)
    if swap.asked_of != by:
        raise BadSchedule("This was asked of somebody else.")
    record(swap.schedule, f"Declined to take over a shift of {swap.asked_by.username}.", by.username, now)
    return _answer(swap, DECLINED, by, now)


@transaction.atomic
def withdraw(swap_id: int, by: User, now: datetime) -> Swap:
    """Takes back what one asked. Raises BadSchedule, Swap.DoesNotExist."""
    swap = _open(swap_id, now)
    if swap.asked_by != by:
        raise BadSchedule("Only whoever asked can take it back.")
    record(swap.schedule, "Keeps the shift that they asked others to take over.", by.username, now)
    return _answer(swap, WITHDRAWN, by, now)


def waiting_for(person: User, now: datetime) -> list[Swap]:
    """What is asked of a person, of anybody or by themselves, and still can be answered."""
    asked = Q(asked_of=person) | Q(asked_of=None) | Q(asked_by=person)
    return [swap for swap in unanswered(now).filter(asked) if state_of(swap, now) == OPEN]


def untaken(person: User, now: datetime) -> list[Swap]:
    """What a person asked in vain and has now begun: they carry it themselves, until it is over."""
    begun = (swap for swap in unanswered(now).filter(asked_by=person) if state_of(swap, now) == EXPIRED)
    return [swap for swap in begun if span_of(swap.starts, swap.ends, swap.zone).covers(now)]


def person_asked(name: str) -> User | None:
    """Of whom something is asked by a name; nobody named: anybody. Raises BadSchedule."""
    found = User.objects.filter(username=name.replace("\x00", ""), is_active=True).first()
    if name and found is None:
        raise BadSchedule(f"There is nobody called “{name}”.")
    return found


def unanswered(now: datetime) -> QuerySet[Swap]:
    """What nobody has answered on the schedules in use, also what has expired lately."""
    return _related().filter(state=OPEN, schedule__archived_at=None, ends__gte=kept(now - APART))


def state_of(swap: Swap, now: datetime) -> str:
    """How far it is; what nobody answered expires when the first of its shifts begins."""
    first = min(filter(None, (swap.starts, swap.return_starts)))
    begins = instant(wall(first), zone_named(swap.zone))
    return EXPIRED if swap.state == OPEN and begins <= now else swap.state


def told(swap: Swap) -> str:
    """The times, in words: “2026-03-04 09:00 to 2026-03-05 09:00, in return for … to …, Europe/Berlin”."""
    parts = [f"{swap.starts} to {swap.ends}"]
    parts += [f"in return for {swap.return_starts} to {swap.return_ends}"] if swap.return_starts else []
    return f"{', '.join(parts).replace('T', ' ')}, {swap.zone}"


def _related() -> QuerySet[Swap]:
    return Swap.objects.select_related("schedule", "asked_by", "asked_of").order_by("starts", "pk")


def _open(swap_id: int, now: datetime) -> Swap:
    locked(Swap.objects.get(pk=swap_id).schedule_id)
    swap = _related().get(pk=swap_id)
    state = state_of(swap, now)
    if state == EXPIRED:
        raise BadSchedule("It has expired: the shift has begun.")
    if state != OPEN:
        raise BadSchedule(f"It was {state} by {swap.answered_by} already.")
    return swap


def _answer(swap: Swap, state: str, by: User, now: datetime) -> Swap:
    swap.state, swap.answered_by, swap.answered_at = state, by.username, now
    swap.save(update_fields=["state", "answered_by", "answered_at", "override", "return_override"])
    return swap

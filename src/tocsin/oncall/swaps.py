"""Shift swaps by request: somebody asks, another takes it over, and it becomes an override."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.accounts.models import User
from tocsin.oncall.changes import Change, checked_span, known, locked, override, record
from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.models import Swap
from tocsin.oncall.schedule import Kind
from tocsin.oncall.store import shifts_of
from tocsin.oncall.walls import kept, span_of, wall

OPEN, ACCEPTED, DECLINED, WITHDRAWN = "open", "accepted", "declined", "withdrawn"


@transaction.atomic
def ask(schedule_id: int, change: Change, asker: User, of: User | None, now: datetime) -> Swap:
    """Asks `of`, or anybody (None), to take over what `asker` has in the times of `change`. Raises BadSchedule."""
    row = locked(schedule_id)
    span = checked_span(change.starts, change.ends, change.zone, now)
    if not shifts_of(asker.username, [row], span):
        raise BadSchedule(f"You are not on call on “{row.name}” then.")
    if of == asker:
        raise BadSchedule("Ask somebody else.")
    known(row, [of.username] if of else [])
    made = Swap.objects.create(
        schedule=row,
        asked_by=asker,
        asked_of=of,
        starts=kept(wall(change.starts)),
        ends=kept(wall(change.ends)),
        zone=change.zone,
        reason=change.reason.replace("\x00", "").strip()[:500],
        created_at=now,
    )
    whom = of.username if of else "anybody"
    text = f"Asked {whom} to take over from {made.starts} to {made.ends} {made.zone}."
    record(row, text.replace("T", " "), asker.username, now)
    return made


@transaction.atomic
def accept(swap_id: int, by: User, now: datetime) -> Swap:
    """Takes over what was asked. Raises BadSchedule where that is not (or no longer) possible; Swap.DoesNotExist."""
    swap = _open(swap_id, now)
    if by == swap.asked_by or swap.asked_of not in (None, by):
        raise BadSchedule("This was asked of somebody else.")
    asked = Change(Kind.REPLACE, swap.starts, swap.ends, swap.zone, by.username, swap.asked_by.username, "swap")
    swap.override = override(swap.schedule_id, asked, actor=by.username, now=now)
    return _answer(swap, ACCEPTED, by, now)


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
    return [swap for swap in _related().filter(asked, state=OPEN, schedule__archived_at=None) if not is_late(swap, now)]


def is_late(swap: Swap, now: datetime) -> bool:
    """Whether what was asked for is over."""
    return span_of(swap.starts, swap.ends, swap.zone).end <= now


def _related() -> QuerySet[Swap]:
    return Swap.objects.select_related("schedule", "asked_by", "asked_of").order_by("starts", "pk")


def _open(swap_id: int, now: datetime) -> Swap:
    locked(Swap.objects.get(pk=swap_id).schedule_id)
    swap = _related().get(pk=swap_id)
    if swap.state != OPEN or is_late(swap, now):
        by = f" by {swap.answered_by}" if swap.answered_by else ""
        raise BadSchedule(f"It was {swap.state}{by} already." if swap.state != OPEN else "The shift is over.")
    return swap


def _answer(swap: Swap, state: str, by: User, now: datetime) -> Swap:
    swap.state, swap.answered_by, swap.answered_at = state, by.username, now
    swap.save(update_fields=["state", "answered_by", "answered_at", "override"])
    return swap

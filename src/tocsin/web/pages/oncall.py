"""Who is on call now and next, on every schedule; and what is wrong with the month ahead, before it hurts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.oncall import store, swaps
from tocsin.oncall.clock import Span
from tocsin.oncall.definition import people_of
from tocsin.oncall.loads import Overload, overloads
from tocsin.oncall.models import Schedule, Swap
from tocsin.oncall.schedule import Schedule as Value
from tocsin.oncall.shifts import Gap, gaps, shifts
from tocsin.web.pages.people import reader
from tocsin.web.scope import access_at, visible

AHEAD = timedelta(days=30)
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is wrong with a schedule's time ahead: the first gaps and overloads, and how many more there are."""

    schedule: Schedule
    gaps: Sequence[Gap]
    more_gaps: int
    overloads: Sequence[Overload]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is."""
        return not (self.gaps or self.overloads)


def index(request: HttpRequest) -> HttpResponse:
    """GET /oncall."""
    now = timezone.now()
    rows = list(visible(request, store.in_use()).select_related("project"))
    person = reader(request)
    context = {
        "rows": store.now_of(rows, now),
        "ahead": [ahead for ahead in ahead_of(rows, now).values() if not ahead.is_fine],
        "mine": store.shifts_of(person.username, rows, Span(now, now + AHEAD))[:MOST_SHOWN],
        "swaps": asked_of(person, rows, now),
        "may_make": bool(access_at(request).projects(Role.MANAGER)),
        "reader": person,
        "now": now,
    }
    return render(request, "oncall.html", context)


def asked_of(person: User, rows: Sequence[Schedule], now: datetime) -> list[Swap]:
    """The swaps on these schedules that a person can answer."""
    seen = {row.pk for row in rows}
    waiting = swaps.waiting_for(person, now)
    return [swap for swap in waiting if swap.schedule_id in seen and swap.asked_by_id != person.pk]


def ahead_of(rows: Sequence[Schedule], now: datetime) -> Mapping[int, Ahead]:
    """What is wrong with the month ahead of schedules, by primary key."""
    span = Span(now, now + AHEAD)
    values = store.values_of(rows, span)
    return {row.pk: _ahead(row, values[row.pk], span) for row in rows}


def _ahead(row: Schedule, value: Value, span: Span) -> Ahead:
    found, people = gaps(value, span), people_of(value.layers)
    too_much = overloads(shifts(value, span), value.absences, len(people))
    return Ahead(row, found[:MOST_SHOWN], max(0, len(found) - MOST_SHOWN), too_much[:MOST_SHOWN])

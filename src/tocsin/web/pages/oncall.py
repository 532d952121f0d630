"""Who is on call now and next, on every schedule; and what is wrong with the month ahead, before it hurts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.oncall import store, swaps
from tocsin.oncall.carriers import carrier
from tocsin.oncall.clock import Span, shown, zone_named
from tocsin.oncall.definition import people_of
from tocsin.oncall.loads import Overload, overloads
from tocsin.oncall.models import Schedule, Swap
from tocsin.oncall.schedule import Schedule as Value
from tocsin.oncall.shifts import Gap, gaps_of_parts, parts, shifts, shifts_of_parts
from tocsin.web.pages.oncall_calendar import Layout, Week, colours_of, together
from tocsin.web.pages.people import reader
from tocsin.web.scope import access_at, visible

AHEAD = timedelta(days=30)
MOST_SHOWN = 5
# More lanes than that nobody takes in at a glance: each schedule has a page.
MOST_DRAWN = 12


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps that have one reason: the first, and how many there are."""

    first: Gap
    count: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is wrong with the time ahead: gaps, those of one reason together, and overloads; the first few of each."""

    gaps: Sequence[Gaps]
    overloads: Sequence[Overload]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is."""
        return not (self.gaps or self.overloads)


def index(request: HttpRequest) -> HttpResponse:
    """GET /oncall."""
    now = timezone.now()
    rows = list(visible(request, store.in_use()).select_related("project"))
    person, found = reader(request), ahead_of(rows, now)
    context = {
        "rows": store.now_of(rows, now),
        "ahead": [(row, found[row.pk]) for row in rows if not found[row.pk].is_fine],
        "weeks": [_week(rows[:MOST_DRAWN], carrier(person).zone, now)] if rows else [],
        "zone": carrier(person).zone,
        "mine": store.shifts_of(person.username, rows, Span(now, now + AHEAD))[:MOST_SHOWN],
        "swaps": asked_of(person, rows, now),
        "untaken": swaps.untaken(person, now),
        "may_make": bool(access_at(request).projects(Role.MANAGER)),
        "reader": person,
        "now": now,
    }
    return render(request, "oncall.html", context)


def _week(rows: Sequence[Schedule], zone: str, now: datetime) -> Week:
    """Seven days from today on by the clock of a zone, with a lane for each schedule."""
    place = zone_named(zone)
    layout = Layout(shown(now, place).date(), 1, place, {})
    values = store.values_of(rows, layout.span)
    people = [shift.person for value in values.values() for shift in shifts(value, layout.span)]
    return together([(row.name, values[row.pk]) for row in rows], replace(layout, colours=colours_of(people)))


def asked_of(person: User, rows: Sequence[Schedule], now: datetime) -> list[Swap]:
    """The swaps on these schedules that a person can answer."""
    seen = {row.pk for row in rows}
    waiting = swaps.waiting_for(person, now)
    return [swap for swap in waiting if swap.schedule_id in seen and swap.asked_by_id != person.pk]


def ahead_of(rows: Sequence[Schedule], now: datetime) -> Mapping[int, Ahead]:
    """What is wrong with the month ahead of schedules, by primary key."""
    values = store.values_of(rows, Span(now, now + AHEAD))
    return {pk: ahead(value, now) for pk, value in values.items()}


def ahead(value: Value, now: datetime) -> Ahead:
    """What is wrong with the month ahead of one schedule."""
    span = Span(now, now + AHEAD)
    whole = list(parts(value, span))
    by_reason: dict[str, list[Gap]] = {}
    for gap in gaps_of_parts(whole):
        by_reason.setdefault(gap.reason, []).append(gap)
    found = [Gaps(each[0], len(each)) for each in by_reason.values()]
    too_much = overloads(shifts_of_parts(whole), value.absences, len(people_of(value.layers)))
    return Ahead(found[:MOST_SHOWN], too_much[:MOST_SHOWN])

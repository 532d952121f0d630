"""A person's own page of being on call: their shifts, what is asked of them, when they are away, their clock and calendars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tocsin.oncall import carriers, store, swaps
from tocsin.oncall.clock import BadSchedule, Span, shown, zone_named, zone_names
from tocsin.oncall.loads import loads
from tocsin.oncall.models import Absence, Swap
from tocsin.oncall.shifts import Shift
from tocsin.oncall.store import Turn
from tocsin.oncall.walls import seen
from tocsin.web.pages.oncall import asked_of
from tocsin.web.pages.people import reader
from tocsin.web.scope import visible

AHEAD, MOST_SHIFTS = timedelta(days=90), 60
ANSWERS = {"accept": swaps.accept, "decline": swaps.decline, "withdraw": swaps.withdraw}


def page(request: HttpRequest) -> HttpResponse:
    """GET /account/shifts."""
    return _show(request)


@require_POST
def set_zone(request: HttpRequest) -> HttpResponse:
    """POST zone: by which clock this person lives."""
    return _done(request, "zone", lambda: carriers.set_zone(reader(request), _typed(request, "zone")))


@require_POST
def be_away(request: HttpRequest) -> HttpResponse:
    """POST starts, ends, reason: times of this person's clock in which their turns go to others."""
    person = reader(request)
    zone = carriers.carrier(person).zone

    def change() -> None:
        starts, ends, reason = (_typed(request, name) for name in ("starts", "ends", "reason"))
        carriers.be_away(person, starts, ends, zone, reason, timezone.now())

    return _done(request, "away", change)


@require_POST
def be_back(request: HttpRequest, number: int) -> HttpResponse:
    """POST: an absence of one's own is taken back."""
    try:
        carriers.be_back(reader(request), number)
    except Absence.DoesNotExist as error:
        raise Http404("You have no such absence.") from error
    return HttpResponseRedirect(reverse("shifts"))


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """POST url: a calendar to read absences from; empty: none any more."""
    change = lambda: carriers.follow(reader(request), _typed(request, "url"), timezone.now())  # noqa: E731
    return _done(request, "calendar", change)


@never_cache
@require_POST
def feed(request: HttpRequest) -> HttpResponse:
    """POST: another secret address of this person's shifts, shown once."""
    token = carriers.new_feed(carriers.carrier(reader(request)))
    return _show(request, address=request.build_absolute_uri(reverse("calendar", args=[token])))


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """POST do=accept|decline|withdraw: what somebody asked to be taken over."""
    act = ANSWERS.get(request.POST.get("do", ""))
    rows = visible(request, store.in_use())
    if act is None or not Swap.objects.filter(pk=number, schedule__in=rows).exists():
        raise Http404("There is no such swap.")
    return _done(request, "swap", lambda: act(number, reader(request), timezone.now()))


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()


def _done(request: HttpRequest, form: str, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except BadSchedule as refusal:
        return _show(request, status=400, refused={"form": form, "message": str(refusal)}, typed=request.POST.dict())
    return HttpResponseRedirect(reverse("shifts"))


def _show(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    person, now = reader(request), timezone.now()
    carrier = carriers.carrier(person)
    rows = list(visible(request, store.in_use()))
    turns = store.shifts_of(person.username, rows, Span(now, now + AHEAD))
    month = _within(turns, now + timedelta(days=30))
    today = shown(now, zone_named(carrier.zone)).date()
    context = {
        "carrier": carrier,
        "turns": turns[:MOST_SHIFTS],
        "load": next(iter(loads(month, {person.username: zone_named(carrier.zone)})), None),
        "asked": asked_of(person, rows, now),
        "asking": [swap for swap in swaps.waiting_for(person, now) if swap.asked_by_id == person.pk],
        "untaken": swaps.untaken(person, now),
        "absences": _absences(request, seen(now, carrier.zone)),
        "tomorrow": today + timedelta(days=1),
        "after": today + timedelta(days=2),
        "zones": zone_names(),
        "now": now,
    }
    return render(request, "shifts.html", context | more, status=status)


def _within(turns: Sequence[Turn], end: datetime) -> list[Shift]:
    """What there is of these turns before an instant."""
    begun = (turn.shift for turn in turns if turn.shift.span.start < end)
    return [replace(shift, span=Span(shift.span.start, min(shift.span.end, end))) for shift in begun]


def _absences(request: HttpRequest, now: str) -> list[Absence]:
    return list(Absence.objects.filter(user=reader(request), ends__gt=now).order_by("starts")[:MOST_SHIFTS])

"""One schedule: its calendar, who is on call, what was changed for a while, what each carries; and changing a shift."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.accounts.access import ALL, Role
from tocsin.catalog.memberships import people
from tocsin.oncall import carriers, changes, store, swaps
from tocsin.oncall.changes import Change, Stand
from tocsin.oncall.clock import BadSchedule, Span, shown, zone_named
from tocsin.oncall.definition import people_of
from tocsin.oncall.hours import SHIFT_EXAMPLE, read_shifts
from tocsin.oncall.loads import Load, loads
from tocsin.oncall.models import Override, Schedule, TemporarySchedule
from tocsin.oncall.schedule import Kind
from tocsin.oncall.schedule import Schedule as Value
from tocsin.oncall.shifts import Shift, shifts
from tocsin.oncall.walls import kept, seen
from tocsin.web.pages.oncall import ahead_of
from tocsin.web.pages.oncall_calendar import Layout, colours_of, drawn, monday
from tocsin.web.pages.people import for_managers, for_responders, reader

VIEWS = {"weeks": "Two weeks", "month": "Month"}
KINDS = {kind.value: kind for kind in Kind}
MOST_HISTORY, MOST_RETURNS, MEASURED, AHEAD = 20, 40, timedelta(days=90), timedelta(days=30)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class View:
    """Which stretch of a schedule is looked at, and by whose clock."""

    name: str
    first: date
    weeks: int
    before: date
    after: date
    zone: str


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /oncall/SCHEDULE?view=weeks|month&from=DAY&clock=own&starts=…&ends=…&person=…: the last three open the form."""
    return _show(request, schedule_called(slug))


def schedule_called(slug: str) -> Schedule:
    """The schedule in use of that name in its address. Raises Http404."""
    found = Schedule.objects.select_related("project").filter(slug=slug, archived_at=None).first()
    if found is None:
        raise Http404("There is no such schedule.")
    return found


@for_responders
def override(request: HttpRequest, slug: str) -> HttpResponse:
    """POST do (replace, add, remove, ask), starts, ends, zone, person, instead_of, reason: another shift, or a request.

    A request may say in_return: the shift of the other that one takes over, as “START END PERSON”, its instants as of RFC 3339.
    """
    row, now = schedule_called(slug), timezone.now()
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in _FIELDS}
    do, chosen = typed.pop("do"), typed.pop("in_return")

    def change() -> None:
        if do == "ask":
            named, back = _in_return(chosen, typed["zone"]) if chosen else ("", None)
            of = swaps.person_asked(typed["person"] or named)
            swaps.ask(row.pk, Change(Kind.REPLACE, **typed), reader(request), of, now, in_return=back)
        elif kind := KINDS.get(do):
            person = "" if kind is Kind.REMOVE else typed["person"]
            instead_of = "" if kind is Kind.ADD else typed["instead_of"]
            wanted = Change(kind, **(typed | {"person": person, "instead_of": instead_of}))
            changes.override(row.pk, wanted, actor=reader(request).username, now=now)
        else:
            raise BadSchedule("Choose what to do.")

    return _done(request, row, change, typed | {"do": do, "in_return": chosen})


_FIELDS = ("do", "starts", "ends", "zone", "person", "instead_of", "reason", "in_return")


def _in_return(typed: str, zone: str) -> tuple[str, tuple[str, str]]:
    """Whose shift was chosen to be taken in return, and its times by the clock of a zone. Raises BadSchedule."""
    try:
        starts, ends, person = typed.split(" ", 2)
        return person, (seen(datetime.fromisoformat(starts), zone), seen(datetime.fromisoformat(ends), zone))
    except (ValueError, OverflowError) as error:
        raise BadSchedule("Choose the shift that you take in return out of the list.") from error


@for_responders
def take_back(request: HttpRequest, slug: str, override: int) -> HttpResponse:
    """POST: an override no longer holds."""
    row = schedule_called(slug)
    made = Override.objects.filter(pk=override, schedule=row, removed_at=None).first()
    if made is not None:  # else somebody was faster
        changes.take_back(made.pk, actor=reader(request).username, now=timezone.now())
    return HttpResponseRedirect(reverse("schedule", args=[slug]))


@for_responders
def stand_in(request: HttpRequest, slug: str) -> HttpResponse:
    """POST name, starts, ends, zone, shifts (one a line): a temporary schedule in place of the layers."""
    row = schedule_called(slug)
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in _STAND}

    def change() -> None:
        named, starts, ends, zone, lines = (typed[name] for name in _STAND)
        stand = Stand(named, starts, ends, zone, read_shifts(lines))
        changes.stand_in(row.pk, stand, actor=reader(request).username, now=timezone.now())

    return _done(request, row, change, typed | {"do": "stand in"})


_STAND = ("name", "starts", "ends", "zone", "shifts")


@for_responders
def stand_down(request: HttpRequest, slug: str, temporary: int) -> HttpResponse:
    """POST: a temporary schedule no longer holds."""
    row = schedule_called(slug)
    made = TemporarySchedule.objects.filter(pk=temporary, schedule=row, removed_at=None).first()
    if made is not None:  # else somebody was faster
        changes.stand_down(made.pk, actor=reader(request).username, now=timezone.now())
    return HttpResponseRedirect(reverse("schedule", args=[slug]))


@for_managers
@require_POST
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """POST: another secret address of the schedule's calendar, shown once."""
    row = schedule_called(slug)
    return _show(request, row, address=request.build_absolute_uri(reverse("calendar", args=[carriers.new_feed(row)])))


def _done(request: HttpRequest, row: Schedule, change: Callable[[], None], typed: dict[str, str]) -> HttpResponse:
    try:
        change()
    except BadSchedule as refusal:
        return _show(request, row, status=400, typed=typed, refusal=str(refusal))
    back = f"{reverse('schedule', args=[row.slug])}?from={typed['starts'][:10]}"
    return HttpResponseRedirect(back)


def _show(request: HttpRequest, row: Schedule, status: int = 200, **more: Any) -> HttpResponse:
    now, view = timezone.now(), _view(request, row)
    zone = zone_named(view.zone)
    layout = Layout(view.first, view.weeks, zone, {})
    value = store.value_of(row, _around(layout.span, now))
    named = people_of(value.layers)
    colours = colours_of([*named, *(each.person for each in value.overrides if each.person)])
    [current] = store.now_of([row], now)
    month = shifts(value, Span(now, now + AHEAD))
    context = {
        "schedule": row,
        "weeks": drawn(value, Layout(view.first, view.weeks, zone, colours), with_layers=view.name == "weeks"),
        "view": view,
        "views": VIEWS,
        "current": current,
        "ahead": ahead_of([row], now)[row.pk],
        "loads": _loads(row, value, month, now),
        "overrides": _overrides(row, now),
        "temporaries": _temporaries(row, now),
        "history": row.history.order_by("-pk")[:MOST_HISTORY],
        "chosen": _chosen(request, view.zone),
        "candidates": people(Role.RESPONDER, ALL if row.project_id is None else [row.project_id]),
        "returns": _of_others(month, reader(request).username, zone, now),
        "shift_example": SHIFT_EXAMPLE,
        "may_manage": reader(request).may(Role.MANAGER),
        "may_change": reader(request).may_respond,
        "reader": reader(request),
        "today": shown(now, zone).date(),
        "now": now,
    }
    return render(request, "schedule.html", context | more, status=status)


def _view(request: HttpRequest, row: Schedule) -> View:
    name = request.GET.get("view", "weeks")
    own = request.GET.get("clock") == "own"
    zone = carriers.carrier(reader(request)).zone if own else row.zone
    try:
        day = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        day = shown(timezone.now(), zone_named(zone)).date()
    if name not in VIEWS or not 2000 <= day.year < 2200:
        raise Http404("There is no such view of the schedule.")
    if name == "weeks":
        return View(name, monday(day), 2, monday(day) - 14 * DAY, monday(day) + 14 * DAY, zone)
    first = day.replace(day=1)
    after = (first + 32 * DAY).replace(day=1)
    weeks = (monday(after - DAY) - monday(first)).days // 7 + 1
    return View(name, monday(first), weeks, (first - DAY).replace(day=1), after, zone)


def _chosen(request: HttpRequest, zone: str) -> dict[str, str]:
    """The shift that was clicked; where none was, a day from the next full hour on."""
    told = {name: request.GET.get(name, "") for name in ("starts", "ends", "person")}
    if told["starts"] and told["ends"]:
        return told | {"zone": zone, "is_chosen": "yes"}
    start = (shown(timezone.now(), ZoneInfo(zone)) + timedelta(hours=1)).replace(minute=0)
    return {"starts": kept(start), "ends": kept(start + DAY), "person": "", "zone": zone}


def _around(span: Span, now: datetime) -> Span:
    """All of the time that the page is about."""
    return Span(min(span.start, now - MEASURED), max(span.end, now + MEASURED))


def _of_others(ahead: Sequence[Shift], person: str, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    """The next shifts of others that one can take in return: as they are posted, and in words by the clock of a zone."""
    theirs = [each for each in ahead if each.span.start > now and each.person != person][:MOST_RETURNS]
    return [
        (f"{each.span.start.isoformat()} {each.span.end.isoformat()} {each.person}", _said(each, zone))
        for each in theirs
    ]


def _said(shift: Shift, zone: ZoneInfo) -> str:
    starts, ends = shown(shift.span.start, zone), shown(shift.span.end, zone)
    return f"{shift.person}, {starts:%a %d %b %H:%M} – {ends:%a %d %b %H:%M}"


def _loads(row: Schedule, value: Value, month: Sequence[Shift], now: datetime) -> list[tuple[Load, Load | None]]:
    """What each carries in the 30 days ahead, with what they did in the 90 days before by the layers there were then."""
    zones = store.zones_of(people_of(value.layers))
    ahead = loads(month, zones)
    past = {load.person: load for load in loads(store.past_shifts(row, value, Span(now - MEASURED, now)), zones)}
    return [(load, past.get(load.person)) for load in ahead]


def _overrides(row: Schedule, now: datetime) -> list[Override]:
    kept_ones = row.overrides.filter(removed_at=None).order_by("starts", "pk")
    return [each for each in kept_ones if store.override_of(each).span.end > now]


def _temporaries(row: Schedule, now: datetime) -> list[TemporarySchedule]:
    kept_ones = row.temporaries.filter(removed_at=None).order_by("starts", "pk")
    return [each for each in kept_ones if store.temporary_of(each).span.end > now]

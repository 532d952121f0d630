"""The form in which a schedule is made and edited, with the shifts that come of it as one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.accounts.access import Role
from tocsin.catalog.memberships import people
from tocsin.catalog.models import Project
from tocsin.ground.edits import BadEdit
from tocsin.oncall import changes, store
from tocsin.oncall.carriers import carrier
from tocsin.oncall.changes import Draft
from tocsin.oncall.clock import BadSchedule, Span, shown, zone_named, zone_names
from tocsin.oncall.definition import MOST_LAYERS, people_of, read
from tocsin.oncall.hours import hours_text, read_hours, read_turns, turns_text
from tocsin.oncall.models import Schedule
from tocsin.oncall.rotation import Rotation, Unit
from tocsin.oncall.schedule import Layer
from tocsin.oncall.schedule import Schedule as Value
from tocsin.oncall.walls import kept, wall
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.belonging import chosen_project, projects_of
from tocsin.web.pages.oncall import AHEAD, Ahead, ahead
from tocsin.web.pages.oncall_calendar import Layout, Week, colours_of, drawn, monday
from tocsin.web.pages.oncall_schedule import schedule_called
from tocsin.web.pages.people import for_managers, reader
from tocsin.web.scope import access_at, require, require_in, visible

# With turns of months, so many that a hand-over is seen.
PREVIEW_WEEKS, PREVIEW_OF_MONTHS = 3, 6
UNITS = {unit.value: unit for unit in Unit}
FIELDS = ("name", "turns", "start", "zone", "every", "unit", "hours", "ends", "order")


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a draft: its weeks, and what is wrong with the month ahead; or why it makes no sense."""

    weeks: Sequence[Week] = ()
    ahead: Ahead | None = None
    refusal: str = ""


def new(request: HttpRequest) -> HttpResponse:
    """GET /oncall/new: the empty form; POST it: a new schedule, or with what=preview what would come of it."""
    if not access_at(request).projects(Role.MANAGER):
        require(request, Role.MANAGER)
    typed = from_form(request.POST) if request.method == "POST" else _first(request)
    if request.method != "POST" or typed["what"] == "preview":
        return _show(request, None, typed)
    try:
        draft = draft_of(typed, chosen_project(request, typed["project"], BadSchedule))
        require_in(request, Role.MANAGER, draft.project)
        made = changes.create(draft, actor=reader(request).username, now=timezone.now())
    except BadSchedule as refusal:
        return _show(request, None, typed, refusal=str(refusal), status=400)
    return HttpResponseRedirect(reverse("schedule", args=[made.slug]))


@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /oncall/SCHEDULE/edit: the form; POST it with the version that was edited, or with what=preview."""
    row = schedule_called(slug)
    typed = from_form(request.POST) if request.method == "POST" else from_row(row)
    if request.method != "POST" or typed["what"] == "preview":
        return _show(request, row, typed)
    try:
        seen, actor = row_number(request.POST.get("version", "")) or 0, reader(request).username
        changes.edit(row.pk, draft_of(typed, row.project_id), seen=seen, actor=actor, now=timezone.now())
    except (BadSchedule, BadEdit) as refusal:
        return _show(request, row, typed, refusal=str(refusal), status=409 if isinstance(refusal, BadEdit) else 400)
    return HttpResponseRedirect(reverse("schedule", args=[slug]))


@for_managers
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """POST: the schedule is out of use."""
    changes.archive(schedule_called(slug).pk, actor=reader(request).username, now=timezone.now())
    return HttpResponseRedirect(reverse("oncall"))


def from_row(row: Schedule) -> dict[str, Any]:
    """A kept schedule as it is typed."""
    layers = [_from_layer(layer, order) for order, layer in enumerate(read(row.definition), 1)]
    told = {"name": row.name, "description": row.description, "zone": row.zone, "project": ""}
    return told | {"version": row.version, "layers": layers, "what": ""}


def from_form(posted: Mapping[str, str]) -> dict[str, Any]:
    """What was typed: the schedule's fields, and of each layer those of FIELDS; without name and people it is left out."""
    plain = {name: str(text).replace("\x00", "") for name, text in posted.items()}
    layers = [{name: plain.get(f"layer-{number}-{name}", "") for name in FIELDS} for number in range(MOST_LAYERS + 1)]
    kept_ones = [layer for layer in layers if layer["name"].strip() or layer["turns"].strip()]
    kept_ones.sort(key=lambda layer: row_number(layer["order"]) or MOST_LAYERS + 1)
    named = ("name", "description", "zone", "project", "version", "what")
    return {name: plain.get(name, "").strip() for name in named} | {"layers": kept_ones}


def draft_of(typed: Mapping[str, Any], project: int | None) -> Draft:
    """What was typed as a draft. Raises BadSchedule."""
    layers = tuple(_layer(each, typed["zone"]) for each in typed["layers"])
    return Draft(typed["name"], typed["zone"], layers, typed["description"], project)


def _layer(typed: Mapping[str, str], zone: str) -> Layer:
    try:
        length = typed["every"].strip() or "1"
        if not length.isascii() or not length.isdigit() or len(length) > 4:
            raise BadSchedule("Write the length of a turn as a number.")
        unit = UNITS.get(typed["unit"], Unit.WEEKS)
        start, place = wall(typed["start"]), typed["zone"].strip() or zone
        rotation = Rotation(read_turns(typed["turns"]), start, place, unit, int(length))
        ends = wall(typed["ends"]) if typed["ends"].strip() else None
        return Layer(typed["name"].strip(), rotation, read_hours(typed["hours"]), ends)
    except BadSchedule as error:
        raise BadSchedule(f"“{typed['name'].strip() or 'A layer without a name'}”: {error}") from error


def _from_layer(layer: Layer, order: int) -> dict[str, str]:
    rotation = layer.rotation
    return {
        "name": layer.name,
        "turns": turns_text(rotation.turns),
        "start": kept(rotation.start),
        "zone": rotation.zone,
        "every": str(rotation.every),
        "unit": rotation.unit.value,
        "hours": hours_text(layer.restrictions),
        "ends": kept(layer.ends) if layer.ends else "",
        "order": str(order),
    }


def _first(request: HttpRequest) -> dict[str, Any]:
    """The form of a schedule that is not there yet: a week for whoever makes it, from this Monday at nine."""
    zone = carrier(reader(request)).zone
    start = f"{monday(shown(timezone.now(), zone_named(zone)).date())}T09:00"
    layer = dict.fromkeys(FIELDS, "") | {"name": "Primary", "turns": reader(request).username, "zone": zone}
    layer |= {"every": "1", "unit": "weeks", "start": start, "order": "1"}
    return {"name": "", "description": "", "zone": zone, "project": "", "version": "", "what": "", "layers": [layer]}


def preview(request: HttpRequest, typed: Mapping[str, Any], row: Schedule | None, now: datetime) -> Preview:
    """What would come of what was typed, with the overrides and absences that there are."""
    try:
        draft = draft_of(typed, row.project_id if row else chosen_project(request, typed["project"], BadSchedule))
        changes.check_draft(replace(draft, name=draft.name or "?"), read(row.definition) if row else ())
    except BadSchedule as refusal:
        return Preview(refusal=str(refusal))
    zone, people_in = zone_named(draft.zone), people_of(draft.layers)
    weeks = PREVIEW_OF_MONTHS if any(each.rotation.unit is Unit.MONTHS for each in draft.layers) else PREVIEW_WEEKS
    layout = Layout(monday(shown(now, zone).date()), weeks, zone, colours_of(people_in))
    span = Span(layout.span.start, max(layout.span.end, now + AHEAD))
    before = store.value_of(row, span) if row else Value()
    value = store.with_people_away(replace(before, layers=draft.layers), span)
    return Preview(drawn(value, layout, with_layers=True), ahead(value, now))


def _show(
    request: HttpRequest, row: Schedule | None, typed: dict[str, Any], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {"preview": preview(request, typed, row, now), "now": now, "today": now.date()}
    if request.headers.get("HX-Request") == "true":
        return render(request, "parts/oncall_preview.html", context)
    blank = dict.fromkeys(FIELDS, "") | {"every": "1", "unit": "weeks", "order": str(len(typed["layers"]) + 1)}
    blank |= {"start": typed["layers"][0]["start"] if typed["layers"] else ""}
    context |= {
        "schedule": row,
        "typed": typed,
        "layers": [*typed["layers"], blank][: MOST_LAYERS + 1],
        "units": list(Unit),
        "projects": visible(request, Project.objects.order_by("slug"), Role.MANAGER),
        "may_be_everybodys": access_at(request).may(Role.MANAGER, None),
        "candidates": people(Role.RESPONDER, projects_of(request, row)),
        "zones": zone_names(),
        "refusal": refusal,
    }
    return render(request, "schedule_edit.html", context, status=status)

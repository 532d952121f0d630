"""Schedules over the API: who is on call, shifts and gaps, layers, overrides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import AwareDatetime, Field

from tocsin.accounts.access import Role
from tocsin.catalog.models import Project
from tocsin.oncall import changes, store
from tocsin.oncall.changes import Change, Draft, Stand
from tocsin.oncall.clock import BadSchedule, Span
from tocsin.oncall.definition import FORMAT, read
from tocsin.oncall.models import Override, Schedule, TemporarySchedule
from tocsin.oncall.schedule import Duty, Kind, OnCall
from tocsin.oncall.shifts import gaps_of_parts, parts, shifts_of_parts
from tocsin.oncall.walls import within_reach
from tocsin.web.api.callers import TO_MANAGE, TO_READ, TO_RESPOND, who
from tocsin.web.api.shapes import Asked, Line, Text
from tocsin.web.pages.oncall_schedule import schedule_called
from tocsin.web.scope import require_in, visible

router = Router(tags=["on call"])
LONGEST = timedelta(days=366)
USUAL = timedelta(days=14)
Slug = Annotated[str, Field(max_length=100, examples=["payments"])]
Wall = Annotated[str, Field(max_length=40, examples=["2026-03-02T09:00"], description="by the clock of `zone`")]


class DutyOut(Schema):
    """Who, and why."""

    person: str
    reason: str


class OnCallOut(Schema):
    """Who is on call at an instant; where nobody is, `reason` says why."""

    at: datetime
    duties: list[DutyOut]
    reason: str

    @classmethod
    def of(cls, found: OnCall, at: datetime) -> OnCallOut:
        """An answer of the schedule."""
        return cls(at=at, duties=[_duty(duty) for duty in found.duties], reason=found.reason)


class ScheduleOut(Schema):
    """A schedule; `definition` holds its layers, as they can be sent back."""

    slug: str
    name: str
    description: str
    project: str | None
    zone: str
    version: int
    edited_by: str
    definition: dict[str, Any]
    on_call: OnCallOut


class Schedules(Schema):
    """All schedules that you see, by name."""

    items: list[ScheduleOut]


class ShiftOut(Schema):
    """A stretch; `person` is null where nobody is on call."""

    person: str | None
    starts_at: datetime
    ends_at: datetime
    reason: str


class Shifts(Schema):
    """Shifts and gaps of a span, by their beginning, cut to it."""

    items: list[ShiftOut]


class Defined(Asked):
    """A schedule as it shall be."""

    name: Line
    zone: Annotated[str, Field(max_length=60, examples=["Europe/Berlin"])]
    description: Annotated[str, Field(max_length=500)] = ""
    layers: Annotated[list[dict[str, Any]], Field(description=f"as in a definition of the format {FORMAT}")]

    def draft(self, project: int | None) -> Draft:
        """As a value. Raises BadSchedule."""
        layers = read({"format": FORMAT, "layers": self.layers})
        return Draft(self.name, self.zone, layers, self.description, project)


class Made(Defined):
    """A new schedule; without a project it is everybody's."""

    project: Annotated[str | None, Field(description="its slug")] = None


class Redefined(Defined):
    """A schedule in another form; refused where `version` is not the newest."""

    version: int


class Overriding(Asked):
    """A change for a while: `person` comes in (add, replace), `instead_of` goes out (remove, replace; empty: everybody)."""

    kind: Kind
    starts: Wall
    ends: Wall
    zone: Annotated[str, Field(max_length=60)]
    person: Annotated[str, Field(max_length=150)] = ""
    instead_of: Annotated[str, Field(max_length=150)] = ""
    reason: Text = ""


class Planned(Asked):
    """One person's part of a temporary schedule."""

    person: Annotated[str, Field(max_length=150)]
    starts: Wall
    ends: Wall


class Standing(Asked):
    """What holds instead of all layers for a while; where it has no shift, nobody is on call."""

    name: Annotated[str, Field(max_length=100)] = ""
    starts: Wall
    ends: Wall
    zone: Annotated[str, Field(max_length=60)]
    shifts: list[Planned]


class TemporaryOut(Schema):
    """A temporary schedule."""

    id: int
    name: str
    starts: Wall
    ends: Wall
    zone: str


class OverrideOut(Schema):
    """An override, and what it does in words."""

    id: int
    says: str


@router.get("", response=Schedules, summary="List schedules, with who is on call now", auth=TO_READ)
def index(request: HttpRequest) -> Schedules:
    """By name."""
    now = timezone.now()
    rows = list(visible(request, store.in_use()).select_related("project"))
    found = store.answers_of(rows, now)
    return Schedules(items=[_out(row, OnCallOut.of(found[row.pk], now)) for row in rows])


@router.post("", response={201: ScheduleOut}, summary="Make a schedule", auth=TO_MANAGE)
def create(request: HttpRequest, response: HttpResponse, body: Made) -> Answered[ScheduleOut]:
    """Its slug is made of its name."""
    project = None
    if body.project is not None:
        project = visible(request, Project.objects.filter(slug=body.project.replace("\x00", ""))).first()
        if project is None:
            raise BadSchedule("There is no such project.")
    require_in(request, Role.MANAGER, project.pk if project else None)
    made = changes.create(body.draft(project.pk if project else None), actor=_actor(request), now=timezone.now())
    response["Location"] = f"/api/v1/schedules/{made.slug}"
    return Answered(201, _one(made))


@router.get("/{slug}", response=ScheduleOut, summary="One schedule", auth=TO_READ)
def one(request: HttpRequest, slug: Slug) -> ScheduleOut:
    """With its layers, and who is on call now."""
    return _one(schedule_called(slug))


@router.put("/{slug}", response=ScheduleOut, summary="Edit a schedule", auth=TO_MANAGE)
def edit(request: HttpRequest, slug: Slug, body: Redefined) -> ScheduleOut:
    """All of it anew; its project and its address stay."""
    row = schedule_called(slug)
    changes.edit(row.pk, body.draft(row.project_id), seen=body.version, actor=_actor(request), now=timezone.now())
    return _one(schedule_called(slug))


@router.get("/{slug}/oncall", response=OnCallOut, summary="Who is on call", auth=TO_READ)
def on_call(request: HttpRequest, slug: Slug, at: AwareDatetime | None = None) -> OnCallOut:
    """Now, or `at` an instant."""
    when = within_reach(at or timezone.now())
    return OnCallOut.of(store.on_call(schedule_called(slug), when), when)


@router.get("/{slug}/shifts", response=Shifts, summary="Shifts and gaps", auth=TO_READ)
def shifts_of(
    request: HttpRequest, slug: Slug, start: AwareDatetime | None = None, end: AwareDatetime | None = None
) -> Shifts:
    """Of two weeks from now, or from `start` to `end`, at most a year."""
    first = start or timezone.now()
    last = end or within_reach(first) + USUAL
    if not timedelta() < last - first <= LONGEST:
        raise BadSchedule("`end` must come after `start`, by at most 366 days.")
    span = Span(within_reach(first), within_reach(last))
    value = store.value_of(schedule_called(slug), span)
    whole = list(parts(value, span))
    taken = [(shift.person, shift.span, shift.reason) for shift in shifts_of_parts(whole)]
    free = [(None, gap.span, gap.reason) for gap in gaps_of_parts(whole)]
    found = sorted([*taken, *free], key=lambda each: each[1].start)
    return Shifts(
        items=[
            ShiftOut(person=person, starts_at=part.start, ends_at=part.end, reason=reason)
            for person, part, reason in found
        ]
    )


@router.post("/{slug}/overrides", response={201: OverrideOut}, summary="Change a shift", auth=TO_RESPOND)
def override(request: HttpRequest, slug: Slug, body: Overriding) -> Answered[OverrideOut]:
    """For a while; the layers stay as they are."""
    row = schedule_called(slug)
    made = changes.override(row.pk, Change(**body.model_dump()), actor=_actor(request), now=timezone.now())
    return Answered(201, OverrideOut(id=made.pk, says=changes.told(made)))


@router.delete("/{slug}/overrides/{override}", response={204: None}, summary="Take an override back", auth=TO_RESPOND)
def take_back(request: HttpRequest, slug: Slug, override: int) -> Answered[None]:
    """It no longer holds; the history keeps it."""
    if not Override.objects.filter(pk=override, schedule=schedule_called(slug), removed_at=None).exists():
        raise Http404("There is no such override.")
    changes.take_back(override, actor=_actor(request), now=timezone.now())
    return Answered(204, None)


@router.post("/{slug}/temporaries", response={201: TemporaryOut}, summary="Put a schedule in place", auth=TO_RESPOND)
def stand_in(request: HttpRequest, slug: Slug, body: Standing) -> Answered[TemporaryOut]:
    """Instead of all layers, for a while."""
    made = changes.stand_in(
        schedule_called(slug).pk, Stand(**body.model_dump()), actor=_actor(request), now=timezone.now()
    )
    told = {name: getattr(made, name) for name in ("name", "starts", "ends", "zone")}
    return Answered(201, TemporaryOut(id=made.pk, **told))


@router.delete("/{slug}/temporaries/{temporary}", response={204: None}, summary="Take it back", auth=TO_RESPOND)
def stand_down(request: HttpRequest, slug: Slug, temporary: int) -> Answered[None]:
    """The layers count again."""
    if not TemporarySchedule.objects.filter(pk=temporary, schedule=schedule_called(slug), removed_at=None).exists():
        raise Http404("There is no such temporary schedule.")
    changes.stand_down(temporary, actor=_actor(request), now=timezone.now())
    return Answered(204, None)


def _actor(request: HttpRequest) -> str:
    return who(request).user.username


def _one(row: Schedule) -> ScheduleOut:
    now = timezone.now()
    return _out(row, OnCallOut.of(store.on_call(row, now), now))


def _out(row: Schedule, on_call_now: OnCallOut) -> ScheduleOut:
    told = {name: getattr(row, name) for name in ("slug", "name", "description", "zone", "version", "edited_by")}
    project = row.project.slug if row.project else None
    return ScheduleOut(**told, project=project, definition=row.definition, on_call=on_call_now)


def _duty(duty: Duty) -> DutyOut:
    return DutyOut(person=duty.person, reason=duty.reason)

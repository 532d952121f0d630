"""Actions over the API: list, open, edit, move."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from ninja.errors import HttpError
from pydantic import Field

from tocsin.accounts.access import Role
from tocsin.incidents import followup
from tocsin.incidents.actions import Action, Horizon, Kind, Plan, State
from tocsin.incidents.models import Incident
from tocsin.web.api.callers import TO_READ, TO_RESPOND, who
from tocsin.web.api.cursor import cursor as cursor_of
from tocsin.web.api.cursor import read_cursor
from tocsin.web.api.shapes import Asked, Line, Text
from tocsin.web.pages.action_items import in_view, owner_called
from tocsin.web.scope import require_in, visible

router = Router(tags=["actions"])
Name = Annotated[str, Field(max_length=60, examples=["ACTION-INC023-1"])]


class Planned(Asked):
    """What is to be done."""

    title: Line
    kind: Kind
    horizon: Horizon
    description: Text = ""
    criteria: Annotated[Text, Field(description="how to tell that it is done")] = ""
    owner: Annotated[str | None, Field(description="a user name")] = None
    due_on: date | None = None

    def plan(self, incident: int) -> Plan:
        """What a new or edited action of an incident says. Raises BadChange for an owner who can't."""
        told = self.model_dump(include={"title", "kind", "horizon", "description", "criteria", "due_on"})
        return Plan(**told, owner=owner_called(self.owner or "", incident))


class Opened(Planned):
    """A new action."""

    incident: Annotated[int, Field(ge=1, le=2**63 - 1, description="its number")]


class Revised(Planned):
    """An action in other words; refused where `version` is not the newest."""

    version: int


class Stepped(Asked):
    """Another state; `words`: how it was verified, why it is dropped or taken up again."""

    to: State
    words: Text = ""


class ActionOut(Schema):
    """An action."""

    id: Name
    incident: int
    title: str
    description: str
    criteria: str
    kind: Kind
    horizon: Horizon
    state: State
    owner: str | None
    due_on: date | None
    is_overdue: bool
    finding: str
    version: int
    created_by: str
    created_at: datetime
    ended_by: str
    ended_at: datetime | None
    ended_with: Annotated[str, Field(description="how it was verified, or why it was dropped")]

    @classmethod
    def of(cls, action: Action) -> ActionOut:
        """An action, with its owner loaded."""
        told = {name: getattr(action, name) for name in cls.model_fields if name not in _NOT_AS_STORED}
        owner = action.owner.username if action.owner else None
        overdue = action.is_overdue(timezone.now())
        return cls(**told, id=action.name, incident=action.incident_id, owner=owner, is_overdue=overdue)


_NOT_AS_STORED = ("id", "incident", "owner", "is_overdue")


class Actions(Schema):
    """A page of actions, newest first; `next` is the cursor of the page that follows, null at the end."""

    items: list[ActionOut]
    next: str | None


@router.get("", response=Actions, summary="List actions, newest first", auth=TO_READ)
def index(
    request: HttpRequest,
    view: Literal["active", "mine", "overdue", "completed", "all"] = "active",
    incident: int | None = None,
    project: str | None = None,
    horizon: Horizon | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Actions:
    """Actions that match everything asked for; `mine` are active ones of the token's person."""
    found = (
        Action.objects.select_related("owner") if view == "all" else in_view(view, who(request).user, timezone.now())
    )
    found = visible(request, found)
    wanted = {
        "incident": incident,
        "incident__environment__project__slug": project.replace("\x00", "") if project is not None else None,
        "horizon": horizon,
        "pk__lt": read_cursor(cursor) if cursor else None,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None}).order_by("-id")
    rows = list(found[: limit + 1])
    after = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return Actions(items=[ActionOut.of(row) for row in rows[:limit]], next=after)


@router.post("", response={201: ActionOut}, summary="Open an action of an incident", auth=TO_RESPOND)
def create(request: HttpRequest, response: HttpResponse, body: Opened) -> Answered[ActionOut]:
    """It is numbered within its incident."""
    incident = Incident.objects.select_related("environment").get(pk=body.incident)
    require_in(request, Role.RESPONDER, incident.environment.project_id)
    made = followup.add(body.incident, body.plan(body.incident), actor=who(request).user.username, now=timezone.now())
    response["Location"] = f"/api/v1/actions/{made.name}"
    return Answered(201, ActionOut.of(made))


@router.get("/{name}", response=ActionOut, summary="One action", auth=TO_READ)
def one(request: HttpRequest, name: Name) -> ActionOut:
    """By its name."""
    return ActionOut.of(_called(name))


@router.put("/{name}", response=ActionOut, summary="Say it in other words", auth=TO_RESPOND)
def revise(request: HttpRequest, name: Name, body: Revised) -> ActionOut:
    """All of it anew."""
    actor = who(request).user.username
    action = _called(name)
    followup.revise(action.pk, body.plan(action.incident_id), seen=body.version, actor=actor, now=timezone.now())
    return ActionOut.of(_called(name))


@router.post("/{name}/state", response=ActionOut, summary="Move it", auth=TO_RESPOND)
def move(request: HttpRequest, name: Name, body: Stepped) -> ActionOut:
    """To done, with how that was verified; or another state."""
    actor = who(request).user.username
    followup.move(_called(name).pk, body.to, words=body.words, actor=actor, now=timezone.now())
    return ActionOut.of(_called(name))


def _called(name: str) -> Action:
    try:
        return followup.called(name)
    except Action.DoesNotExist as error:
        raise HttpError(404, f"There is no action “{name}”.") from error

"""Actions as pages: the list of them, one with its edit, those of an incident, and what people do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from tocsin.accounts.models import User
from tocsin.catalog.models import Project
from tocsin.ground.edits import BadEdit
from tocsin.incidents import followup
from tocsin.incidents.actions import ACTIVE, Action, Horizon, Kind, Plan, State
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis.report import Report
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders, reader, responders_to
from tocsin.web.scope import visible

MOST = 200
VIEWS = ("active", "mine", "overdue", "completed")
Choice = TypeVar("Choice", bound=StrEnum)


def index(request: HttpRequest) -> HttpResponse:
    """GET /actions?view=active|mine|overdue|completed&project=&horizon=: what is due first comes first."""
    asked = {name: request.GET.get(name, "").replace("\x00", "") for name in ("view", "project", "horizon")}
    view, now = asked["view"] or VIEWS[0], timezone.now()
    if view not in VIEWS or (asked["horizon"] and asked["horizon"] not in set(Horizon)):
        raise Http404("There is no such view of the actions.")
    found = visible(request, in_view(view, reader(request), now))
    if asked["project"]:
        found = found.filter(incident__environment__project__slug=asked["project"])
    if asked["horizon"]:
        found = found.filter(horizon=asked["horizon"])
    context = {
        "view": view,
        "views": VIEWS,
        "asked": asked,
        "rows": shown(list(found[:MOST]), now),
        "total": found.count(),
        "projects": visible(request, Project.objects.order_by("slug")),
        "horizons": list(Horizon),
        "now": now,
    }
    return render(request, "action_items.html", context)


def in_view(view: str, person: User, now: datetime) -> QuerySet[Action]:
    """The actions of a view, in its order: what is due first, or what was completed last."""
    found = Action.objects.select_related("incident__environment__project", "owner")
    if view == "completed":
        return found.exclude(ended_at=None).order_by("-ended_at", "-id")
    active = found.filter(ended_at=None).order_by(F("due_on").asc(nulls_last=True), "id")
    if view == "mine":
        return active.filter(owner=person)
    return active.filter(due_on__lt=now.date()) if view == "overdue" else active


@dataclass(frozen=True, slots=True)
class ShownAction:
    """An action as a row."""

    action: Action
    is_overdue: bool

    @property
    def is_active(self) -> bool:
        """Whether it is still to be done."""
        return self.action.state in ACTIVE


def shown(actions: list[Action], now: datetime) -> list[ShownAction]:
    """Actions as rows."""
    return [ShownAction(action, action.is_overdue(now)) for action in actions]


@dataclass(frozen=True, slots=True)
class OfIncident:
    """The actions of an incident, and what could become one: a plan for each remedy that none was made of yet."""

    rows: list[ShownAction]
    suggested: tuple[tuple[Plan, str], ...]

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return f"{len(self.rows)}-{sum(row.action.version for row in self.rows)}-" + "-".join(
            row.action.state for row in self.rows
        )


def actions_of(incident: Incident, report: Report | None, now: datetime) -> OfIncident:
    """The actions of an incident, in their order; one query."""
    kept = list(Action.objects.filter(incident=incident).select_related("owner").order_by("ordinal"))
    made = {action.finding for action in kept}
    return OfIncident(shown(kept, now), tuple(plan for plan in _remedies(report) if plan[1] not in made))


def _remedies(report: Report | None) -> list[tuple[Plan, str]]:
    """A plan for the remedy of the first hypothesis, with the finding it is of."""
    if report is None or report.outcome != "diagnosed" or not report.hypotheses:
        return []
    best = report.hypotheses[0]
    command = next((command for command in best.commands if command.tier != "read-only"), None)
    if command is None:
        return []
    purpose = command.purpose.rstrip(".")
    plan = Plan(purpose[:1].upper() + purpose[1:], Kind.CORRECT, Horizon.NOW, description=best.summary)
    return [(plan, f"{best.cause} {best.subject.kind} {best.subject.namespace}/{best.subject.name}")]


def page(request: HttpRequest, name: str) -> HttpResponse:
    """GET /actions/ACTION-INC023-1."""
    return _show(request, _called(name))


def _called(name: str) -> Action:
    try:
        return followup.called(name)
    except Action.DoesNotExist as error:
        raise Http404("There is no such action.") from error


def _show(request: HttpRequest, action: Action, refusal: str = "", form: str = "") -> HttpResponse:
    now, typed = timezone.now(), request.POST if form == "edit" else None
    context = {
        "shown": ShownAction(action, action.is_overdue(now)),
        "action": action,
        "text": typed or _as_typed(action),
        "seen": typed.get("version", "") if typed else action.version,
        "refusal": refusal,
        "refused_form": form,
        "moves": [state for state in State if state != action.state],
        **choices(action.incident_id),
        "reader": reader(request),
        "now": now,
    }
    return render(request, "action_item.html", context, status=HTTPStatus.BAD_REQUEST if refusal else HTTPStatus.OK)


def choices(incident: int) -> dict[str, Any]:
    """What there is to choose from in the form of an action of an incident."""
    return {"kinds": list(Kind), "horizons": list(Horizon), "people": responders_to(incident)}


def _as_typed(action: Action) -> dict[str, str]:
    """An action as its form has it."""
    return {
        "title": action.title,
        "description": action.description,
        "criteria": action.criteria,
        "kind": action.kind,
        "horizon": action.horizon,
        "owner": action.owner.username if action.owner else "",
        "due_on": action.due_on.isoformat() if action.due_on else "",
    }


@for_responders
def add(request: HttpRequest, number: int) -> HttpResponse:
    """POST title, kind, horizon, owner, due_on, description, criteria; finding?, to-postmortem?: a new action of an incident."""
    incident = get_object_or_404(Incident, pk=number)
    finding = request.POST.get("finding", "").replace("\x00", "")
    try:
        plan = plan_of(request.POST, number)
        action = followup.add(number, plan, actor=reader(request).username, now=timezone.now(), finding=finding)
    except (BadChange, BadEdit) as refusal:
        context = {"incident": incident, "text": request.POST, "refusal": str(refusal), **choices(number)}
        return render(request, "action_item_new.html", context, status=HTTPStatus.BAD_REQUEST)
    back = "postmortem" if "to-postmortem" in request.POST else "incident"
    return HttpResponseRedirect(reverse(back, args=[number]) + f"#{action.name}")


@for_responders
def revise(request: HttpRequest, name: str) -> HttpResponse:
    """POST as for `add`, and version, the one that was edited."""
    action, seen = _called(name), row_number(request.POST.get("version", "")) or 0
    try:
        plan = plan_of(request.POST, action.incident_id)
        followup.revise(action.pk, plan, seen=seen, actor=reader(request).username, now=timezone.now())
    except (BadChange, BadEdit) as refusal:
        return _show(request, action, str(refusal), "edit")
    return HttpResponseRedirect(reverse("action-item", args=[action.name]))


@for_responders
def move(request: HttpRequest, name: str) -> HttpResponse:
    """POST to, words: another state; done says how that was verified, dropped why."""
    action = _called(name)
    try:
        to = one_of(State, request.POST.get("to", ""), "state")
        words = request.POST.get("words", "")
        followup.move(action.pk, to, words=words, actor=reader(request).username, now=timezone.now())
    except BadChange as refusal:
        return _show(request, action, str(refusal), "state")
    return HttpResponseRedirect(reverse("action-item", args=[action.name]))


def plan_of(typed: Mapping[str, str], incident: int) -> Plan:
    """What a form says of an action of an incident. Raises BadChange, naming what can't be read."""
    day = typed.get("due_on", "").strip()
    try:
        due_on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise BadChange(f"“{day}” is no day: the deadline looks like 2026-03-31.") from error
    return Plan(
        title=typed.get("title", ""),
        kind=one_of(Kind, typed.get("kind", ""), "kind"),
        horizon=one_of(Horizon, typed.get("horizon", ""), "horizon"),
        description=typed.get("description", ""),
        criteria=typed.get("criteria", ""),
        owner=owner_called(typed.get("owner", "").strip(), incident),
        due_on=due_on,
    )


def owner_called(username: str, incident: int) -> int | None:
    """The id of whoever is to own an action of an incident; None for nobody. Raises BadChange for somebody who can't."""
    if not username:
        return None
    for person in responders_to(incident):
        if person.username == username:
            return person.pk
    raise BadChange(f"“{username}” can't own it: no such person, or one who may not work on the incident.")


def one_of(kinds: type[Choice], value: str, what: str) -> Choice:
    """What was chosen. Raises BadChange, naming the choices."""
    try:
        return kinds(value)
    except ValueError as error:
        raise BadChange(f"“{value}” is no {what}: choose one of {', '.join(kinds)}.") from error

"""What people do to actions, and Tocsin's reminders: each change under the incident's row lock, with a line on its timeline."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from tocsin.ground.edits import revised
from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.incidents.actions import ACTIVE, Action, Plan, State, read_name
from tocsin.incidents.changes import BadChange

TIMER = "action"
LONGEST_TITLE = 300
FURTHEST = date(2200, 1, 1)
# An action that is late is told of again while it stays so.
REMIND_AGAIN = timedelta(days=7)


def called(text: str) -> Action:
    """The action of that name, with its incident and owner. Raises Action.DoesNotExist."""
    numbers = read_name(text)
    if numbers is None:
        raise Action.DoesNotExist(text)
    found = Action.objects.select_related("incident__environment__project", "owner")
    return found.get(incident=numbers[0], ordinal=numbers[1])


@transaction.atomic
def add(incident_id: int, plan: Plan, *, actor: str, now: datetime, finding: str = "") -> Action:
    """Opens an action of an incident. Raises BadChange and BadEdit, Incident.DoesNotExist."""
    incident = changes.locked(incident_id)
    newest = Action.objects.filter(incident=incident).order_by("-ordinal").first()
    action = Action(
        incident=incident,
        ordinal=newest.ordinal + 1 if newest else 1,
        finding=finding,
        created_by=actor,
        created_at=now,
        edited_by=actor,
    )
    _fill(action, plan, seen=action.version)
    action.save()
    _wind(action)
    _tell(action, f"{action.name} opened: {action.title}", actor, now)
    return action


@transaction.atomic
def revise(action_id: int, plan: Plan, *, seen: int, actor: str, now: datetime) -> Action:
    """Says it in other words; `seen` is the version that was edited. Raises BadEdit where somebody was faster, BadChange."""
    action = _locked(action_id)
    before = _said(action)
    _fill(action, plan, seen=seen)
    changed = [name for name, value in _said(action).items() if value != before[name]]
    if not changed:
        return action
    action.version += 1
    action.edited_by = actor
    action.save()
    _wind(action)
    _tell(action, f"{action.name} has another {', '.join(changed)}: {action.title}", actor, now)
    return action


@transaction.atomic
def move(action_id: int, to: State, *, words: str = "", actor: str, now: datetime) -> Action:
    """Another state. `words`: for done how that was verified, for dropped why, for one that is taken up again why.

    Raises BadChange without the words that are needed, and where it already is so.
    """
    action, said = _locked(action_id), words.replace("\x00", "").strip()
    if action.state == to:
        raise BadChange(f"{action.name} already is {to}.")
    if not said and (to not in ACTIVE or action.state not in ACTIVE):
        raise BadChange(_ASKED.get(to, f"It was {action.state}: say why it is taken up again."))
    action.state = to.value
    is_over = to not in ACTIVE
    action.ended_by, action.ended_with = (actor, said) if is_over else ("", "")
    action.ended_at = now if is_over else None
    action.save()
    _wind(action)
    _tell(action, f"{action.name} {to}: {action.title}" + (f" ({said})" if said else ""), actor, now)
    return action


_ASKED = {State.DONE: "Say how it was verified that it is done.", State.DROPPED: "Say why it is dropped."}


@transaction.atomic
def remind(action_id: int, now: datetime) -> None:
    """Says on the timeline that an action is late, and again each week; nothing where it is over or has more time."""
    action = Action.objects.select_related("incident", "owner").filter(pk=action_id).first()
    if action is None or not action.is_overdue(now):
        return
    whose = action.owner.username if action.owner else "nobody's"
    _tell(action, f"{action.name} is overdue since {action.due_on}: {action.title} ({whose})", changes.TOCSIN, now)
    Timer.objects.update_or_create(kind=TIMER, key=str(action.pk), defaults={"due_at": now + REMIND_AGAIN})


def _locked(action_id: int) -> Action:
    """The action, its incident held first: the order of locks of every change."""
    action = Action.objects.get(pk=action_id)
    changes.locked(action.incident_id)
    return Action.objects.select_for_update(of=("self",)).select_related("incident").get(pk=action_id)


def _fill(action: Action, plan: Plan, *, seen: int) -> None:
    title = " ".join(plan.title.replace("\x00", "").split())
    if not title:
        raise BadChange("Give the action a title: what is to be done, in a few words.")
    if len(title) > LONGEST_TITLE:
        raise BadChange(f"The title is too long: {LONGEST_TITLE} characters at most; the rest is a description.")
    if plan.due_on is not None and plan.due_on >= FURTHEST:
        raise BadChange(f"The deadline is too far away: it has to be before {FURTHEST}.")
    edited = partial(revised, seen=seen, newest=action.version, author=action.edited_by, what=action.name)
    action.title = title
    action.description, action.criteria = edited(plan.description), edited(plan.criteria)
    action.kind, action.horizon = plan.kind.value, plan.horizon.value
    action.owner_id, action.due_on = plan.owner, plan.due_on


def _said(action: Action) -> dict[str, object]:
    return {
        "title": action.title,
        "description": action.description,
        "acceptance criteria": action.criteria,
        "kind": action.kind,
        "horizon": action.horizon,
        "owner": action.owner_id,
        "deadline": action.due_on,
    }


def _wind(action: Action) -> None:
    """Sets the timer of its deadline, or takes it away."""
    if action.overdue_at is None or action.ended_at is not None:
        Timer.objects.filter(kind=TIMER, key=str(action.pk)).delete()
    else:
        Timer.objects.update_or_create(kind=TIMER, key=str(action.pk), defaults={"due_at": action.overdue_at})


def _tell(action: Action, text: str, actor: str, now: datetime) -> None:
    changes.record(action.incident, "action", text, actor=actor, now=now, action=action.name)

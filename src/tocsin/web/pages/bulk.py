"""Several incidents at once: each gets the change and a line of its own, and what can't be changed is listed with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tocsin.accounts.access import Role, missing
from tocsin.accounts.models import User
from tocsin.incidents import changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import IllegalMove, Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.web.pages.actions import one_of, person
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders, reader, responders, responders_to
from tocsin.web.scope import access_at, visible

MOST = 200
# Makes one change, to the incident as it is.
Change = Callable[[Incident], object]
MOVES = {"acknowledge": Status.ACKNOWLEDGED, "resolve": Status.RESOLVED, "close": Status.CLOSED}


@dataclass(frozen=True, slots=True)
class Done:
    """One incident: `refusal` says why it was left as it is; `was` is what undoing needs, None where that can't be."""

    incident: Incident
    refusal: str = ""
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with each: a move, or another assignee (None: nobody)."""

    what: str
    note: str = ""
    resolution: Resolution | None = None
    assignee: User | None = None


@for_responders
def change(request: HttpRequest) -> HttpResponse:
    """POST incident…, what=acknowledge|assign|resolve|close, note?, assignee?, resolution?: what became of each."""
    numbers, actor = _numbers(request.POST.getlist("incident")), reader(request).username
    try:
        done = change_all(request, numbers, _wanted(request), actor=actor, now=timezone.now())
    except BadChange as refusal:
        return render(request, "refused.html", {"heading": "Nothing was changed", "reason": refusal}, status=400)
    return render(request, "bulk.html", {"done": done, "what": request.POST.get("what")})


@for_responders
def undo(request: HttpRequest) -> HttpResponse:
    """POST what=assign|resolve, was=N:BEFORE:AFTER…: each gets its assignee back, or is open again as it was.

    What is not (any more) as the change left it stays: somebody has decided otherwise since.
    """
    actor, now, is_assignment = reader(request).username, timezone.now(), request.POST.get("what") == "assign"
    undone = {row_number(number): rest for number, _, rest in (w.partition(":") for w in request.POST.getlist("was"))}

    def restore(incident: Incident) -> None:
        before, _, after = undone[incident.pk].partition(":")
        if _state(incident, request.POST.get("what", "")) != after:
            raise BadChange("It has been changed again since: nothing was undone.")
        if is_assignment:
            _assign(incident, person(before, incident.pk), actor, now)
        else:
            to = one_of(Status, before, "stage")
            changes.change_status(
                incident.pk, to, actor=actor, now=now, reason="the change to several at once is undone"
            )

    done = _each(request, [number for number in undone if number is not None][:MOST], restore)
    return render(request, "bulk.html", {"done": [Done(one.incident, one.refusal) for one in done], "what": "undo"})


def change_all(
    request: HttpRequest, numbers: Sequence[int], wanted: Wanted, *, actor: str, now: datetime
) -> list[Done]:
    """Does the same with each of these incidents, each by itself: one that refuses does not keep the others.

    Raises BadChange where nothing can be done with any.
    """
    if not numbers or len(numbers) > MOST:
        raise BadChange(f"Select incidents, {MOST} at most.")

    def make(incident: Incident) -> None:
        if wanted.what == "assign":
            _assign(incident, wanted.assignee, actor, now)
        else:
            to = MOVES[wanted.what]
            changes.change_status(incident.pk, to, actor=actor, now=now, resolution=wanted.resolution)
        if wanted.note:
            changes.add_note(incident.pk, wanted.note, actor=actor, now=now)

    return _each(request, numbers, make, wanted.what if wanted.what in ("assign", "resolve") else "")


def responder(username: str | None) -> User | None:
    """Whom incidents can be given to, by name; None for nobody. Raises BadChange."""
    found = next((each for each in responders() if each.username == username), None)
    if username is not None and found is None:
        raise BadChange(f"“{username}” can't take incidents: no such person, or a viewer.")
    return found


def _chosen(number: str) -> User | None:
    found = next((each for each in responders() if str(each.pk) == number), None)
    if number and found is None:
        raise BadChange("This person can't take incidents (any more); choose somebody else.")
    return found


def _each(
    request: HttpRequest,
    numbers: Sequence[int],
    make: Change,
    undoable: str = "",
) -> list[Done]:
    """Changes each under its lock; `undoable` is what can be undone of it, empty where nothing can."""
    found = visible(request, Incident.objects.select_related("environment")).in_bulk(numbers)
    done = []
    for number in numbers:
        if (incident := found.get(number)) is None:
            continue  # deleted meanwhile, or not to be seen: nothing to say of it
        if why := missing(access_at(request).role_in(incident.environment.project_id), Role.RESPONDER):
            done.append(Done(incident, why))
            continue
        try:
            with transaction.atomic():
                held = changes.locked(number)
                make(held)
                now_is = Incident.objects.get(pk=number)
            states = f"{_state(held, undoable)}:{_state(now_is, undoable)}" if undoable else None
            done.append(Done(incident, was=states))
        except (IllegalMove, BadChange) as refusal:
            done.append(Done(incident, str(refusal)))
    return done


def _state(incident: Incident, what: str) -> str:
    """What a change, or undoing it, turns into something else."""
    return str(incident.assignee_id or "") if what == "assign" else incident.status


def _assign(incident: Incident, to: User | None, actor: str, now: datetime) -> None:
    if incident.assignee_id == (to.pk if to else None):
        raise BadChange(f"It is {to.username if to else 'nobody'}'s already.")
    if to is not None and to not in responders_to(incident.pk):
        raise BadChange(f"{to.username} may not work on it.")
    changes.assign(incident.pk, to.pk if to else None, to.username if to else "", actor=actor, now=now)


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.POST
    what, note = asked.get("what", ""), asked.get("note", "").replace("\x00", "").strip()
    if what == "assign":
        return Wanted(what, note, assignee=_chosen(asked.get("assignee", "")))
    if what not in MOVES:
        raise BadChange(
            f"“{what}” is nothing that can be done with several incidents: choose assign or {', '.join(MOVES)}."
        )
    ends = what == "resolve"
    return Wanted(what, note, one_of(Resolution, asked.get("resolution", ""), "way to end") if ends else None)


def _numbers(texts: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(number for text in texts if (number := row_number(text)) is not None))

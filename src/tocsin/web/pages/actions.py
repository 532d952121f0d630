"""What people do to an incident: each a form, sent by POST, answered with the incident's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Literal, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tocsin.accounts.models import User
from tocsin.ground.edits import BadEdit
from tocsin.incidents import assessments, changes, matrices, merging
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import IllegalMove, Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.priority import Workaround
from tocsin.incidents.triage.scale import read
from tocsin.investigation import runbooks
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.analysis import analysis_of
from tocsin.web.pages.incident import Refused, show
from tocsin.web.pages.people import for_responders, reader, responders_to
from tocsin.web.pages.runbooks import runbook_of
from tocsin.web.scope import visible
from tocsin.workflows import escalating
from tocsin.workflows.again import investigate_again

Choice = TypeVar("Choice", bound=StrEnum)
# Makes the change, in the name of a person, at a time; returns the place on the page to go to.
Change = Callable[[str, datetime], str]


def done(request: HttpRequest, number: int, form: str, change: Change) -> HttpResponse:
    """The page with the change made; or, when it was refused, with the reason by the form and nothing lost."""
    try:
        anchor = change(reader(request).username, timezone.now())
    except (IllegalMove, BadChange, BadEdit) as refusal:
        typed = {key: str(value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
        status = HTTPStatus.CONFLICT if isinstance(refusal, IllegalMove) else HTTPStatus.BAD_REQUEST
        return show(request, number, Refused(form, str(refusal), typed), status)
    except Incident.DoesNotExist as error:
        raise Http404("There is no such incident.") from error
    return HttpResponseRedirect(reverse("incident", args=[number]) + anchor)


@for_responders
def status(request: HttpRequest, number: int) -> HttpResponse:
    """POST to, resolution?, reason?: another stage."""
    asked = request.POST

    def change(actor: str, now: datetime) -> str:
        to = one_of(Status, asked.get("to", ""), "stage")
        how = one_of(Resolution, asked["resolution"], "way to end") if asked.get("resolution") else None
        changes.change_status(number, to, actor=actor, now=now, reason=_text(asked.get("reason")), resolution=how)
        return ""

    form = asked.get("form", "")
    return done(request, number, form if form in ("resolve", "reopen") else "status", change)


@for_responders
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """POST: whoever presses it has the incident; nobody further is called."""

    def change(actor: str, now: datetime) -> str:
        escalating.answer(number, actor=actor, now=now)
        return ""

    return done(request, number, "status", change)


@for_responders
def severity(request: HttpRequest, number: int) -> HttpResponse:
    """POST severity, note: how bad it is in somebody's own judgement."""

    def change(actor: str, now: datetime) -> str:
        to = _severity(request.POST.get("severity", ""))
        assessments.set_severity(number, to, actor=actor, now=now, note=_text(request.POST.get("note")))
        return ""

    return done(request, number, "severity", change)


@for_responders
def workaround(request: HttpRequest, number: int) -> HttpResponse:
    """POST workaround, note: whether there is a way around the failure."""

    def change(actor: str, now: datetime) -> str:
        known = one_of(Workaround, request.POST.get("workaround", ""), "answer")
        assessments.set_workaround(number, known, actor=actor, now=now, note=_text(request.POST.get("note")))
        return "#triage"

    return done(request, number, "workaround", change)


@for_responders
def assignee(request: HttpRequest, number: int) -> HttpResponse:
    """POST assignee: a user's id, or nothing for nobody."""

    def change(actor: str, now: datetime) -> str:
        chosen = person(request.POST.get("assignee", ""), number)
        changes.assign(number, chosen.pk if chosen else None, chosen.username if chosen else "", actor=actor, now=now)
        return ""

    return done(request, number, "assignee", change)


@for_responders
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """POST into, reason: it becomes part of another incident, and ends as its duplicate."""
    asked = request.POST

    def change(actor: str, now: datetime) -> str:
        into = row_number(_text(asked.get("into")).upper().removeprefix("INC-"))
        if into is None:
            raise BadChange("Say of which incident it is part, such as INC-023.")
        if not visible(request, Incident.objects.filter(pk=into)).exists():
            raise BadChange("There is no such incident.")
        merging.merge(number, into, actor=actor, now=now, reason=_text(asked.get("reason")))
        return ""

    return done(request, number, "merge", change)


@for_responders
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    """POST: it is an incident of its own again."""

    def change(actor: str, now: datetime) -> str:
        merging.unmerge(number, actor=actor, now=now)
        return ""

    return done(request, number, "unmerge", change)


@for_responders
def split(request: HttpRequest, number: int) -> HttpResponse:
    """POST alert…, reason: these alerts become an incident of their own, which is investigated."""
    chosen = [alert for text in request.POST.getlist("alert") if (alert := row_number(text)) is not None]

    def change(actor: str, now: datetime) -> str:
        opened = merging.split(number, chosen, actor=actor, now=now, reason=_text(request.POST.get("reason")))
        investigate_again(opened.pk, actor=actor, now=now)
        return ""

    return done(request, number, "split", change)


@for_responders
def note(request: HttpRequest, number: int) -> HttpResponse:
    """POST text, kind=decision?: a note in Markdown, or a decision."""

    def change(actor: str, now: datetime) -> str:
        kind: Literal["note", "decision"] = "decision" if request.POST.get("kind") == "decision" else "note"
        entry = changes.add_note(number, request.POST.get("text", ""), actor=actor, now=now, kind=kind)
        return f"#entry-{entry.pk}"

    return done(request, number, "note", change)


@for_responders
def investigate(request: HttpRequest, number: int) -> HttpResponse:
    """POST: another look at the world."""

    def change(actor: str, now: datetime) -> str:
        investigate_again(number, actor=actor, now=now)
        return "#cause"

    return done(request, number, "investigate", change)


@for_responders
def runbook(request: HttpRequest, number: int) -> HttpResponse:
    """POST text, version: the runbook as a person has it, and which version they edited."""

    def change(actor: str, now: datetime) -> str:
        version = _version(request, "version")
        runbooks.keep(number, request.POST.get("text", ""), version=version, actor=actor, now=now)
        return "#runbook"

    return done(request, number, "runbook", change)


@for_responders
def promotion(request: HttpRequest, number: int) -> HttpResponse:
    """POST version, replaces: the runbook as it was seen becomes that of the service, in place of the one it had."""

    def change(actor: str, now: datetime) -> str:
        incident = Incident.objects.select_related("environment").get(pk=number)
        shown = runbook_of(incident, analysis_of(incident).report)
        if not shown.text or shown.about is None:
            raise BadChange("Only a runbook for a known service and cause can be promoted.")
        seen = {"version": _version(request, "version"), "replaces": _version(request, "replaces")}
        runbooks.promote(number, shown.text, shown.about, **seen, actor=actor, now=now)
        return "#runbook"

    return done(request, number, "promotion", change)


def _version(request: HttpRequest, name: str) -> int:
    return row_number(request.POST.get(name, "")) or 0


def _text(typed: str | None) -> str:
    return (typed or "").replace("\x00", "").strip()


def one_of(choices: type[Choice], value: str, what: str) -> Choice:
    """The choice that was sent. Raises BadChange, naming `what` it should be."""
    try:
        return choices(value)
    except ValueError as error:
        raise BadChange(f"“{value}” is no {what}: choose one of {', '.join(choices)}.") from error


def _severity(said: str) -> Severity:
    try:
        return read(said, matrices.scale())
    except ValueError as error:
        raise BadChange(f"{error}.") from error


def person(chosen: str, incident: int) -> User | None:
    """Whom an incident is given to, by their id as it was sent; None for nobody. Raises BadChange."""
    if not chosen:
        return None
    for person in responders_to(incident):
        if str(person.pk) == chosen:
            return person
    raise BadChange("This person can't take incidents (any more); choose somebody else.")

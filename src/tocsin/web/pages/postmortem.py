"""One postmortem: its sections as people or the record have them, how far it is, and what people do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tocsin.ground.edits import BadEdit
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident
from tocsin.postmortems import changes
from tocsin.postmortems.changes import Text, postmortem_of, texts_of
from tocsin.postmortems.export import exported
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.sections import Section, marks, unfinished
from tocsin.postmortems.states import State, next_states
from tocsin.web.pages.action_items import actions_of, choices, one_of, owner_called
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.analysis import analysis_of
from tocsin.web.pages.difference import DiffLine, line_differences
from tocsin.web.pages.people import for_responders, reader

MOVES = {
    (State.PENDING, State.IN_PROGRESS): "Begin",
    (State.IN_PROGRESS, State.IN_REVIEW): "Ask for review",
    (State.IN_REVIEW, State.COMPLETE): "Complete",
    (State.IN_REVIEW, State.IN_PROGRESS): "Send back",
    (State.COMPLETE, State.IN_PROGRESS): "Take up again",
}


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section. `record`: what differs in the record's own draft from what a person wrote; empty while nobody did."""

    section: Section
    text: Text
    record: tuple[DiffLine, ...]

    @property
    def to_write(self) -> int:
        """In how many places a person must still write."""
        return marks(self.text.text)

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        told = f"{self.text.text}\n{self.text.drafted}"
        return f"{self.text.version}-{sha256(told.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not made: of which form, why, and what was typed there."""

    form: str
    message: str
    typed: str = ""


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/postmortem."""
    return _show(request, number)


def live(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/postmortem/live: the parts that change by themselves, for htmx to put in their places."""
    return render(request, "postmortem_live.html", _context(request, number) | {"is_live": True})


def download(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/postmortem/file: the Markdown document."""
    name, text = exported(_found(number))
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(text, "text/markdown; charset=utf-8", headers={"Content-Disposition": disposition})


def _show(request: HttpRequest, number: int, refused: Refused | None = None) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
    return render(request, "postmortem.html", _context(request, number) | {"refused": refused}, status=status)


def _found(number: int) -> Postmortem:
    try:
        return postmortem_of(number)
    except Postmortem.DoesNotExist as error:
        raise Http404("There is no postmortem of this incident.") from error


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    postmortem, now = _found(number), timezone.now()
    incident, texts = postmortem.incident, texts_of(postmortem)
    state = State(postmortem.state)
    return {
        "postmortem": postmortem,
        "incident": incident,
        "sections": [_shown(section, text) for section, text in texts.items()],
        "missing": unfinished({section: text.text for section, text in texts.items()}),
        "moves": [(to, MOVES[state, to]) for to in next_states(state)],
        "is_complete": state is State.COMPLETE,
        "is_late": state is not State.COMPLETE and now >= postmortem.due_at,
        "tracked": (tracked := actions_of(incident, analysis_of(incident).report, now)),
        "versions": {"action_items": tracked.version},
        "is_postmortem": True,
        "reader": reader(request),
        "now": now,
        **choices(incident.pk),
    }


def _shown(section: Section, text: Text) -> ShownSection:
    differs = text.version and text.text != text.drafted
    return ShownSection(section, text, tuple(line_differences(text.text, text.drafted)) if differs else ())


def _done(request: HttpRequest, number: int, form: str, change: Callable[[str, datetime], object]) -> HttpResponse:
    """The page with the change made; or, when it was refused, with the reason by the form and nothing lost."""
    try:
        change(reader(request).username, timezone.now())
    except (BadChange, BadEdit) as refusal:
        return _show(request, number, Refused(form, str(refusal), request.POST.get("text", "")))
    except (Postmortem.DoesNotExist, Incident.DoesNotExist) as error:
        raise Http404("There is no postmortem of this incident.") from error
    anchor = f"#section-{form}" if form in set(Section) else ""
    return HttpResponseRedirect(reverse("postmortem", args=[number]) + anchor)


@for_responders
def create(request: HttpRequest, number: int) -> HttpResponse:
    """POST: a postmortem that nothing calls for."""
    try:
        changes.open_by_hand(number, actor=reader(request).username, now=timezone.now())
    except BadChange:
        if not Postmortem.objects.filter(pk=number).exists():
            raise Http404("An incident that is not over has no postmortem.") from None
    except Incident.DoesNotExist as error:
        raise Http404("There is no such incident.") from error
    return HttpResponseRedirect(reverse("postmortem", args=[number]))


@for_responders
def write(request: HttpRequest, number: int, section: str) -> HttpResponse:
    """POST text, version: a section in somebody's words; version is the one that was edited, 0 the draft."""
    if section not in set(Section):
        raise Http404("There is no such section.")
    seen, text = row_number(request.POST.get("version", "")) or 0, request.POST.get("text", "")

    def change(actor: str, now: datetime) -> None:
        changes.write(number, Section(section), text, seen=seen, actor=actor, now=now)

    return _done(request, number, section, change)


@for_responders
def move(request: HttpRequest, number: int) -> HttpResponse:
    """POST to, reason?: another state."""

    def change(actor: str, now: datetime) -> None:
        to = one_of(State, request.POST.get("to", ""), "state")
        changes.move(number, to, reason=request.POST.get("reason", ""), actor=actor, now=now)

    return _done(request, number, "state", change)


@for_responders
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """POST owner, due_on: who sees to it, and by the end of which day (UTC)."""

    def change(actor: str, now: datetime) -> None:
        held = _found(number)
        name = request.POST.get("owner", "").strip()
        owner, due_at = owner_called(name, number), _end_of(request.POST.get("due_on", ""))
        if owner != held.owner_id:
            changes.own(number, owner, name, actor=actor, now=now)
        if due_at.date() != held.due_at.astimezone(UTC).date():
            changes.reschedule(number, due_at, actor=actor, now=now)

    return _done(request, number, "plan", change)


def _end_of(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day.strip()), time(23, 59), UTC)
    except ValueError as error:
        raise BadChange(f"“{day}” is no day: it looks like 2026-03-31.") from error


@dataclass(frozen=True, slots=True)
class OfIncident:
    """What there is to say of an incident's postmortem on the incident's page."""

    postmortem: Postmortem | None
    is_late: bool
    may_begin: bool

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        held = self.postmortem
        return f"{held.state}-{held.due_at.timestamp()}-{self.is_late}" if held else f"none-{self.may_begin}"


def postmortem_line(incident: Incident, now: datetime) -> OfIncident:
    """The postmortem of an incident that is over; one query."""
    if is_open(Status(incident.status)):
        return OfIncident(None, is_late=False, may_begin=False)
    held = Postmortem.objects.filter(pk=incident.pk).select_related("owner").first()
    is_late = held is not None and held.state != State.COMPLETE and now >= held.due_at
    return OfIncident(held, is_late=is_late, may_begin=held is None)

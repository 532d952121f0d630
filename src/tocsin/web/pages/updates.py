"""Where a status update is written and sent, and the checklist ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.accounts.access import Role
from tocsin.incidents import publishing, telling, ticking
from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.plain_words import Finding
from tocsin.incidents.spans import shown_span
from tocsin.incidents.status_page import Component
from tocsin.incidents.telling import Said, Unread
from tocsin.incidents.uptime import State as ComponentState
from tocsin.web.pages.actions import done, one_of
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.pages.told import MOST_SHOWN
from tocsin.web.scope import require
from tocsin.workflows import communicating

# For how long ahead the next one can be promised on the page.
PROMISES = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 480, 1440))
UNREAD = "Not sent yet. Mend what is listed, or confirm there that you have read it."


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /incidents/N/updates?audience=…&moment=…&corrects=ID: an update as Tocsin would write it. POST: sends it.

    POST audience, moment, headline, text, impact, data_loss, next (minutes), corrects?, component-ID…, began?, read?.
    """
    require(request, Role.RESPONDER)
    incident = _found(number)
    now = timezone.now()
    if request.method == "POST":
        return _send(request, incident, now)
    audience = _chosen(Audience, request.GET.get("audience", ""), Audience.INTERNAL)
    moment = _chosen(Moment, request.GET.get("moment", ""), communicating.moment_of(incident))
    said = communicating.draft(incident, audience, moment, now)
    corrected = incident.updates.filter(pk=row_number(request.GET.get("corrects", "")) or 0, audience=audience).first()
    if corrected is not None:
        said = replace(said, headline=corrected.headline, text=corrected.text, corrects=corrected.pk)
    return _show(request, incident, said, now)


@for_responders
def check(request: HttpRequest, number: int) -> HttpResponse:
    """POST as `page`: what in it is not for its audience, as a part of the page."""
    incident = _found(number)
    try:
        said = _typed(request.POST, timezone.now())
    except BadChange:
        said = _unsound(request.POST)
    return render(request, "parts/update_findings.html", _words(incident, said) | {"typed": request.POST})


@for_responders
def tick(request: HttpRequest, number: int) -> HttpResponse:
    """POST item, done?: an item of the checklist is done; without `done`, it is not after all."""

    def change(actor: str, now: datetime) -> str:
        ticking.tick(number, request.POST.get("item", ""), done="done" in request.POST, actor=actor, now=now)
        return "#checklist"

    return done(request, number, "checklist", change)


def _found(number: int) -> Incident:
    return get_object_or_404(Incident.objects.select_related("environment__project", "assignee"), pk=number)


def _chosen(kind: Any, said: str, otherwise: Any) -> Any:
    if said and said not in set(kind):
        raise Http404("There is no such kind of update.")
    return kind(said) if said else otherwise


def _send(request: HttpRequest, incident: Incident, now: datetime) -> HttpResponse:
    typed, actor = request.POST, reader(request).username
    try:
        said = _typed(typed, now)
        is_external = said.audience is Audience.EXTERNAL
        states = _states(typed) if is_external else {}
        began = _moment(typed.get("began", "")) if is_external else None
        is_read = "read" in typed
        communicating.send(incident.pk, said, states, began_at=began, is_read=is_read, actor=actor, now=now)
    except BadChange as refusal:
        message = UNREAD if isinstance(refusal, Unread) else str(refusal)
        return _show(request, incident, _unsound(typed), now, refusal=message, status=400)
    return HttpResponseRedirect(reverse("incident", args=[incident.pk]) + "#updates")


def _typed(typed: Mapping[str, str], now: datetime) -> Said:
    """What was typed. Raises BadChange."""
    minutes = row_number(typed.get("next", ""))
    promised = communicating.rounded(now + timedelta(minutes=min(minutes, 43200))) if minutes else None
    return replace(
        _unsound(typed),
        audience=one_of(Audience, typed.get("audience", ""), "audience"),
        moment=one_of(Moment, typed.get("moment", ""), "moment"),
        impact=one_of(Impact, typed.get("impact", ""), "impact"),
        data_loss=one_of(DataLoss, typed.get("data_loss", ""), "answer"),
        next_update_at=promised,
    )


def _unsound(typed: Mapping[str, str]) -> Said:
    """What was typed, with something usual in place of what can't be: so that no words are lost."""

    def known(kind: Any, name: str) -> Any:
        return kind(typed[name]) if typed.get(name) in set(kind) else next(iter(kind))

    return Said(
        audience=known(Audience, "audience"),
        moment=known(Moment, "moment"),
        headline=typed.get("headline", ""),
        text=typed.get("text", ""),
        impact=known(Impact, "impact"),
        data_loss=known(DataLoss, "data_loss"),
        corrects=row_number(typed.get("corrects", "")),
    )


def _states(typed: Mapping[str, str]) -> dict[int, ComponentState]:
    found = {}
    for name, value in typed.items():
        component = row_number(name.removeprefix("component-")) if name.startswith("component-") else None
        if component is not None:
            found[component] = one_of(ComponentState, value, "state of a component")
    return found


def _moment(said: str) -> datetime | None:
    if not said.strip():
        return None
    try:
        return datetime.fromisoformat(said.strip()).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadChange(f"“{said}” is no time: write it as 2026-03-31T14:00, in UTC.") from error


def _words(incident: Incident, said: Said) -> dict[str, Any]:
    found = communicating.check(incident, said)
    return {
        "findings": _grouped(found),
        "must_read": any(not one.is_hint for one in found),
        "is_barred": any(one.is_barred for one in found),
    }


def _grouped(found: list[Finding]) -> list[Finding]:
    """Each word once, however often it stands there."""
    return list({(one.kind, one.said): one for one in reversed(found)}.values())[::-1]


def _show(
    request: HttpRequest, incident: Incident, said: Said, now: datetime, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    is_external = said.audience is Audience.EXTERNAL
    before = list(telling.updates_of(incident).filter(audience=said.audience.value)[:MOST_SHOWN])
    proposed = publishing.proposed(incident, said.impact.value) if is_external else []
    context = {
        "incident": incident,
        "said": said,
        "is_external": is_external,
        "audiences": [(Audience.INTERNAL, "The team"), (Audience.EXTERNAL, "Outsiders")],
        "moments": list(Moment),
        "impacts": list(Impact),
        "losses": list(DataLoss),
        "promises": [(int(span.total_seconds() // 60), shown_span(span)) for span in PROMISES],
        "promised": _promised(request, said, now),
        "components": [(component, _state(request, component, state)) for component, state in proposed],
        "states": [state for state in ComponentState if state is not ComponentState.MAINTENANCE],
        "page": publishing.page_of(incident.environment.project_id) if is_external else None,
        "asks_beginning": is_external and not before,
        "began": request.POST.get("began", _began(incident, now)),
        "before": before,
        "typed": request.POST,
        "refusal": refusal,
        "reader": reader(request),
        "now": now,
        **_words(incident, said),
    }
    return render(request, "update.html", context, status=status)


def _began(incident: Incident, now: datetime) -> str:
    """Since when outsiders may notice it, as the field has it; nothing for what began too long ago to be told so."""
    at = incident.triggered_at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M}" if now - at < publishing.FURTHEST_BACK else ""


def _promised(request: HttpRequest, said: Said, now: datetime) -> int:
    """The promise that is chosen, in minutes; 0 is none."""
    if request.method == "POST":
        return row_number(request.POST.get("next", "")) or 0
    if said.next_update_at is None:
        return 0
    wanted = said.next_update_at - now
    return int(min(PROMISES, key=lambda span: abs(span - wanted)).total_seconds() // 60)


def _state(request: HttpRequest, component: Component, proposed: ComponentState) -> str:
    return str(request.POST.get(f"component-{component.pk}", proposed.value))

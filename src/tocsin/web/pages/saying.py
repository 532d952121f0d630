"""What people say of an incident: each a form of its page, sent by POST."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tocsin.incidents import handover, naming, stating, times
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.roles import IncidentRole
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words
from tocsin.incidents.times import Times
from tocsin.web.pages.actions import done, one_of, person
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders
from tocsin.web.pages.said import typed_text, written
from tocsin.workflows.confirming import confirm


@for_responders
def say(request: HttpRequest, number: int) -> HttpResponse:
    """POST a field for each topic with TOPIC-version, run, services, services-seen: what it was, to whom, by what."""

    def change(actor: str, now: datetime) -> str:
        said = {topic: _words(request, topic) for topic in Topic if topic in request.POST}
        if Topic.TRIGGER in said:
            words = said[Topic.TRIGGER]
            said[Topic.TRIGGER] = stating.set_off_by(number, words.text, _number(request, "run"), words.seen)
        named, seen = _slugs(request, "services"), _slugs(request, "services-seen")
        with transaction.atomic():
            stating.say(number, said, actor=actor, now=now)
            naming.name_services(number, named, seen=seen, actor=actor, now=now)
        return "#said"

    return done(request, number, "said", change)


def _words(request: HttpRequest, topic: Topic) -> Words:
    return Words(typed_text(topic, request.POST), _number(request, f"{topic}-version") or 0)


def _slugs(request: HttpRequest, name: str) -> list[str]:
    return request.POST.get(name, "").replace(",", " ").split()


def _number(request: HttpRequest, name: str) -> int | None:
    return row_number(request.POST.get(name, ""))


@for_responders
def cause(request: HttpRequest, number: int) -> HttpResponse:
    """POST rank, investigation, version: that hypothesis was the cause; version is that of the cause as it was seen."""

    def change(actor: str, now: datetime) -> str:
        rank, investigation = _number(request, "rank") or 0, _number(request, "investigation")
        confirm(number, investigation, rank, actor=actor, now=now, seen=_number(request, "version") or 0)
        return "#said"

    return done(request, number, "cause", change)


@for_responders
def role(request: HttpRequest, number: int) -> HttpResponse:
    """POST role, person (an id, or nothing for nobody), note: who does what from now on."""

    def change(actor: str, now: datetime) -> str:
        chosen = person(request.POST.get("person", ""), number)
        given = one_of(IncidentRole, request.POST.get("role", ""), "role")
        name, note = chosen.username if chosen else "", request.POST.get("note", "")
        handover.hand_over(number, given, chosen.pk if chosen else None, name, actor=actor, now=now, note=note)
        return ""

    return done(request, number, "role", change)


@for_responders
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """POST started, detected, resolved, each with NAME-seen, reason: when it was instead, in UTC; empty: as recorded."""

    def change(actor: str, now: datetime) -> str:
        was = Times.of(Incident.objects.get(pk=number))
        to = Times(
            _time(request, "started", was.started),
            _time(request, "detected", was.detected),
            _time(request, "resolved", was.resolved),
        )
        times.correct(number, to, reason=request.POST.get("reason", ""), actor=actor, now=now)
        return "#said"

    return done(request, number, "times", change)


def _time(request: HttpRequest, name: str, was: datetime | None) -> datetime | None:
    """The time that was typed; as it is now, to the second, where it was left as it was seen."""
    typed = request.POST.get(name, "").strip()
    if typed in (written(was), request.POST.get(f"{name}-seen")):
        return was
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadChange(f"“{typed}” is no time: it looks like 2026-03-31T03:15, in UTC.") from error

"""Channels: what goes out to whom, by which rules, and whether it arrives. For managers and admins of the whole installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.accounts.access import Role
from tocsin.catalog.models import Project
from tocsin.ground.secrets import Unreadable
from tocsin.incidents.triage import Severity
from tocsin.notifications import leaving, rules, store
from tocsin.notifications.channel import Ability, About, BadSettings, Field
from tocsin.notifications.channels import channels
from tocsin.notifications.models import Channel, Message
from tocsin.notifications.rules import EVENTS, Audience, BadRule, Hours, Rule
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_managers, reader
from tocsin.web.pages.sources import base
from tocsin.workflows.delivering import try_out

MOST_RULES = 20
MOST_MESSAGES = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a channel's form, and what stands in it; a secret is never shown again."""

    field: Field
    value: str
    is_kept: bool = False


@for_managers
def index(request: HttpRequest) -> HttpResponse:
    """GET /settings/channels: every channel with its rules, and the kinds that there can be."""
    rows = [
        {"channel": each, "about": store.about(each), "rules": store.rules_of(each), "last": _last(each)}
        for each in store.in_use()
    ]
    kinds = sorted(((name, each.ABOUT) for name, each in channels().items()), key=lambda row: row[1].title.lower())
    return render(request, "channels.html", {"rows": rows, "kinds": kinds, "is_admin": _is_admin(request)})


def _last(channel: Channel) -> Message | None:
    tried = Message.objects.filter(channel=channel).exclude(state=Message.State.SUPPRESSED)
    return tried.order_by("-id").first()


@for_managers
def new(request: HttpRequest) -> HttpResponse:
    """GET /settings/channels/new?kind=…: its form; POST name, audience, project and the kind's fields: a channel."""
    kind = (request.POST if request.method == "POST" else request.GET).get("kind", "")
    if kind not in channels():
        return HttpResponseRedirect(reverse("channels"))  # where the kinds are
    refused = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("channel", args=[_added(request, kind).pk]))
        except (BadSettings, ValueError) as refusal:
            refused = str(refusal)
    about, typed = channels()[kind].ABOUT, request.POST
    context = {
        "kind": kind,
        "about": about,
        "fields": _fields(about, typed),
        "audiences": list(Audience),
        "projects": Project.objects.order_by("slug"),
        "typed": typed,
        "refused": refused,
    }
    return render(request, "channel_new.html", context, status=400 if refused else 200)


def _added(request: HttpRequest, kind: str) -> Channel:
    asked = request.POST
    number = row_number(asked.get("project", ""))
    return store.add(
        kind,
        asked.get("name", ""),
        {name: asked.get(f"set-{name}", "") for name in _names(kind)},
        Audience(asked.get("audience", Audience.USUAL)),
        project=get_object_or_404(Project, pk=number) if number else None,
        actor=reader(request).username,
        is_admin=_is_admin(request),
        secret=settings.SECRET_KEY,
        now=timezone.now(),
    )


@for_managers
def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /settings/channels/ID[?tested=MESSAGE]: its settings, its rules, and what went out lately."""
    return _shown(request, number)


@require_POST
@for_managers
def change(request: HttpRequest, number: int) -> HttpResponse:
    """POST its fields: other settings; a secret that is left empty stays."""
    channel = _found(number)
    given = {name: request.POST.get(f"set-{name}", "") for name in _names(channel.kind)}
    try:
        store.change(channel, given, is_admin=_is_admin(request), secret=settings.SECRET_KEY)
    except (BadSettings, Unreadable) as refusal:
        return _shown(request, number, status=400, refused={"form": "settings", "message": str(refusal)})
    return HttpResponseRedirect(reverse("channel", args=[number]))


@require_POST
@for_managers
def write_rules(request: HttpRequest, number: int) -> HttpResponse:
    """POST N-kinds, N-severities, N-projects, N-services, N-hours: its rules; one without events is dropped."""
    channel = _found(number)
    try:
        store.set_rules(channel, _rules(request))
    except BadRule as refusal:
        return _shown(request, number, status=400, refused={"form": "rules", "message": str(refusal)})
    return HttpResponseRedirect(reverse("channel", args=[number]) + "#rules")


def _rules(request: HttpRequest) -> list[Rule]:
    asked = request.POST
    found = []
    for number in range(MOST_RULES):
        if not asked.getlist(f"{number}-kinds"):
            continue
        texts = {name: _listed(asked.get(f"{number}-{name}", "")) for name in ("projects", "services")}
        chosen = {name: asked.getlist(f"{number}-{name}") for name in ("kinds", "severities")}
        found.append(rules.parse(texts | chosen | {"hours": asked.get(f"{number}-hours", Hours.ALWAYS)}))
    return found


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.replace("\x00", "").split(",") if each.strip()]


@require_POST
@for_managers
def test(request: HttpRequest, number: int) -> HttpResponse:
    """POST [address]: a test goes out at once; the page shows what the vendor said."""
    tried = try_out(_found(number), request.POST.get("address", "").strip()[:200], reader(request).username)
    return HttpResponseRedirect(reverse("channel", args=[number]) + f"?tested={tried.pk}")


@require_POST
@for_managers
def state(request: HttpRequest, number: int) -> HttpResponse:
    """POST to: paused, in use, or removed. What was to go out waits, and goes out later; calls go another way."""
    channel, to = _found(number), request.POST.get("to", "")
    if to == "removed":
        leaving.remove(channel, timezone.now())
        return HttpResponseRedirect(reverse("channels"))
    if to == "paused":
        leaving.pause(channel, timezone.now())
    elif to == "in use":
        store.use_again(channel)
    return HttpResponseRedirect(reverse("channel", args=[number]))


def _shown(request: HttpRequest, number: int, *, status: int = 200, **more: Any) -> HttpResponse:
    channel = _found(number)
    about, tested = store.about(channel), row_number(request.GET.get("tested", ""))
    given = request.POST if more.get("refused", {}).get("form") == "settings" else channel.settings
    context = {
        "channel": channel,
        "about": about,
        "fields": _fields(about, given, is_kept=True),
        "rules": [*store.rules_of(channel), None][:MOST_RULES],
        "events": EVENTS,
        "severities": list(Severity),
        "hours": list(Hours),
        "tested": Message.objects.filter(pk=tested, channel=channel).first() if tested else None,
        "messages": Message.objects.filter(channel=channel)
        .select_related("incident", "user")
        .order_by("-id")[:MOST_MESSAGES],
        "reaches_people": Ability.REACHES_PEOPLE in about.abilities,
        "answers_at": f"{base(request)}/slack/{channel.pk}" if Ability.BUTTONS in about.abilities else "",
        "is_locked": about.is_for_admins and not _is_admin(request),
    }
    return render(request, "channel.html", context | more, status=status)


def _fields(about: About, given: Mapping[str, Any], *, is_kept: bool = False) -> list[Asked]:
    return [
        Asked(
            field,
            "" if field.is_secret else str(given.get(f"set-{field.name}", given.get(field.name, field.default))),
            is_kept,
        )
        for field in about.fields
    ]


def _names(kind: str) -> list[str]:
    return [field.name for field in channels()[kind].ABOUT.fields]


def _is_admin(request: HttpRequest) -> bool:
    return reader(request).may(Role.ADMIN)


def _found(number: int) -> Channel:
    return get_object_or_404(Channel.objects.select_related("project"), pk=number, removed_at=None)

"""The mapping of a source: rules over what came, with what would be understood beside them, before they go live."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.alerts.mapping import MAPPED, PLACES, BadRules, Reader, Rules, mapped, reader
from tocsin.alerts.models import Signal
from tocsin.alerts.parsed import BadPayload, ParsedAlert
from tocsin.catalog.models import Source, SourceMapping
from tocsin.web.hooks.trying import live_mapping
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_managers, may_manage
from tocsin.web.pages.people import reader as person
from tocsin.web.pages.signals import highlighted, indented

MOST_TRIED = 20
MOST_SHOWN = 20
MOST_PASTED = 200_000
_HINTS = {
    "alerts": "the list of its alerts, such as checks; empty: the body is one, or a list",
    "title": "such as name, or {{ name }} on {{ host }}",
    "status": "empty: whatever comes fires",
    "key": "what makes it the same next time; empty: title and labels",
    "severity": "critical, high, medium, low, or the words that others use for them",
    "description": "",
    "starts_at": "RFC 3339, or seconds since 1970; empty: when it came",
    "ends_at": "of one that is over",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a body would be understood as: its alerts, or why not."""

    alerts: tuple[ParsedAlert, ...] = ()
    errors: tuple[str, ...] = ()
    signal: Signal | None = None


@dataclass(slots=True)
class Draft:
    """Rules as they were typed, and what is wrong with them, by field."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    reader: Reader | None = None

    @property
    def fields(self) -> list[dict[str, str]]:
        """The places of the form, in order."""
        return [
            {
                "name": name,
                "label": name.replace("_", " ").capitalize(),
                "value": self.typed[name],
                "hint": _HINTS[name],
                "problem": self.problems.get(name, ""),
            }
            for name in PLACES
        ]


def page(request: HttpRequest, number: int) -> HttpResponse:
    """GET /sources/ID/mapping[?signal=N][&version=N]: the live mapping, or another version, over a body that came."""
    source = _found(number)
    versions = SourceMapping.objects.filter(source=source)
    version = row_number(request.GET.get("version", ""))
    chosen = versions.filter(version=version).first() if version else live_mapping(source) or versions.last()
    draft = drafted(_typed(chosen.rules if chosen else {}))
    return _shown(request, source, draft, request.GET.get("signal", ""), chosen=chosen)


@require_POST
@for_managers
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """POST the form's fields, payload?, signal?, do=preview|try|save|live: what it would do; or a new version of it."""
    source, asked = _found(number), request.POST
    draft = drafted({name: asked.get(name, "") for name in (*PLACES, "firing", "resolved", "labels", "links")})
    wanted = asked.get("do", "preview")
    if draft.reader is None and not draft.problems:
        draft.problems["title"] = "say where the title stands"
    if wanted in {"save", "live"} and draft.reader is not None:
        kept = _keep(source, draft.reader.rules, person(request).username, is_live=wanted == "live")
        return HttpResponseRedirect(reverse("source-mapping", args=[number]) + f"?version={kept.version}")
    tried = _tried(source, draft.reader) if wanted == "try" and draft.reader is not None else None
    status = 400 if draft.problems and wanted != "preview" else 200
    return _shown(request, source, draft, asked.get("signal", ""), asked.get("payload", ""), tried=tried, status=status)


@require_POST
@for_managers
def go_live(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """POST: this version is what signals are read by from now on."""
    mapping = get_object_or_404(SourceMapping, source=_found(number), version=version)
    mapping.live_at = timezone.now()
    mapping.save(update_fields=["live_at"])
    return HttpResponseRedirect(reverse("source-mapping", args=[number]))


def drafted(typed: dict[str, str]) -> Draft:
    """The rules that were typed, checked; of an empty form nothing is said yet."""
    draft = Draft(typed)
    if not any(typed.values()):
        return draft
    places = {name: typed[name].strip() for name in PLACES}
    named = {name: _named(typed[name], name, draft.problems) for name in ("labels", "links")}
    states = {
        name: [word.strip() for word in typed[name].split(",") if word.strip()] for name in ("firing", "resolved")
    }
    try:
        made = reader(Rules(**places, **named, **states))  # type: ignore[arg-type]
    except BadRules as error:
        for name, why in error.problems.items():
            draft.problems.setdefault(name.partition(" ")[0], f"{name}: {why}" if " " in name else why)
    else:
        draft.reader = None if draft.problems else made
    return draft


def _named(text: str, what: str, problems: dict[str, str]) -> dict[str, str]:
    """Lines of `name = place`."""
    found = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, equals, place = (part.strip() for part in line.partition("="))
        if not (name and equals and place):
            problems[what] = f"“{line[:60]}”: write name = place, one a line"
        found[name] = place
    return found


def _typed(rules: dict[str, Any]) -> dict[str, str]:
    """The form's fields for stored rules."""
    typed = {name: str(rules.get(name, "")) for name in PLACES}
    typed |= {name: ", ".join(rules.get(name, [])) for name in ("firing", "resolved")}
    for name in ("labels", "links"):
        typed[name] = "\n".join(f"{key} = {place}" for key, place in rules.get(name, {}).items())
    return typed


def understood(made: Reader | None, body: str, signal: Signal | None = None) -> Outcome:
    """What a body would be understood as."""
    if made is None or not body:
        return Outcome(signal=signal)
    try:
        parsed = mapped(made, body.encode("utf-8", "surrogatepass"))
    except BadPayload as error:
        return Outcome(errors=tuple(str(error).split("; ")), signal=signal)
    return Outcome(parsed.alerts, parsed.rejected, signal)


def _tried(source: Source, made: Reader) -> list[Outcome]:
    recorded = Signal.objects.filter(source=source).exclude(body="").order_by("-id")[:MOST_TRIED]
    return [understood(made, signal.body, signal) for signal in recorded]


def _keep(source: Source, rules: Rules, author: str, *, is_live: bool) -> SourceMapping:
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        newest = SourceMapping.objects.filter(source=source).aggregate(newest=Max("version"))["newest"] or 0
        return SourceMapping.objects.create(
            source=source,
            version=newest + 1,
            rules=msgspec.to_builtins(rules),
            author=author,
            live_at=timezone.now() if is_live else None,
        )


def _shown(
    request: HttpRequest,
    source: Source,
    draft: Draft,
    signal: str,
    pasted: str = "",
    *,
    chosen: SourceMapping | None = None,
    tried: list[Outcome] | None = None,
    status: int = 200,
) -> HttpResponse:
    recorded = list(
        Signal.objects.filter(source=source).exclude(body="").order_by("-id").defer("sealed_body")[:MOST_TRIED]
    )
    number = row_number(signal)
    shown = next((one for one in recorded if one.pk == number), recorded[0] if recorded else None)
    body = pasted[:MOST_PASTED] or (shown.body if shown else "")
    outcome = understood(draft.reader, body)
    context = {
        "source": source,
        "draft": draft,
        "recorded": recorded,
        "shown": None if pasted else shown,
        "pasted": pasted,
        "payload": highlighted(indented(body)[:MOST_PASTED]) if body else "",
        "outcome": outcome,
        "alerts": outcome.alerts[:MOST_SHOWN],
        "tried": tried,
        "versions": SourceMapping.objects.filter(source=source).order_by("-version")[:MOST_TRIED],
        "live": live_mapping(source),
        "chosen": chosen,
        "may_manage": may_manage(request),
    }
    return render(request, "source_mapping.html", context, status=status)


def _found(number: int) -> Source:
    source = get_object_or_404(Source.objects.select_related("environment__project"), pk=number)
    if source.kind != MAPPED:
        raise Http404("Only a mapped source has a mapping.")
    return source

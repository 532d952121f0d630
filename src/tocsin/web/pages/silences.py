"""Silences and maintenance windows: which hold now, which will, what they hold; and the form that shows what one would match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.alerts import silences
from tocsin.alerts.models import Alert, Silence
from tocsin.alerts.recurrence import BadRecurrence, time_zone
from tocsin.alerts.silences import BadSilence, Draft, Preview
from tocsin.catalog.models import Environment
from tocsin.incidents.models import Incident, TrialOutcome
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.scope import access_at, require_in, visible
from tocsin.workflows.holding import service_names

VIEWS = ("current", "ended")
PAGE = 50
USUAL_LENGTH = timedelta(hours=2)
# As a browser's datetime-local field has it.
TIME_FORMAT = "%Y-%m-%dT%H:%M"
# What the form offers; anything else is written as a rule.
USUAL_RULES = (
    ("", "Once"),
    ("FREQ=DAILY", "Every day"),
    ("FREQ=WEEKLY", "Every week"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "On weekdays"),
    ("FREQ=MONTHLY", "Every month"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A silence with what it holds now; of one in trial, how many firings it would have held; whether it comes again."""

    silence: Silence
    state: str
    held: list[Incident]
    would_hold: int
    again: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands: what was typed, what is wrong with which field, and what it would match."""

    typed: dict[str, str]
    refused: BadSilence | None = None
    preview: Preview | None = None
    editing: Silence | None = None


def index(request: HttpRequest) -> HttpResponse:
    """GET /silences?view=current|ended&before=N: those that hold or will, or those that are over, the newest fifty."""
    view, before = request.GET.get("view", VIEWS[0]), request.GET.get("before", "")
    below = row_number(before)
    if view not in VIEWS or (before and below is None):
        raise Http404("There is no such view of the silences.")
    now = timezone.now()
    over = Q(active_until__lte=now) | Q(ended_at__isnull=False)
    found = visible(request, Silence.objects.select_related("environment__project", "replaces").order_by("-id"))
    found = found.filter(over) if view == "ended" else found.exclude(over)
    if below is not None:
        found = found.filter(pk__lt=below)
    shown = list(found[: PAGE + 1])
    context = {
        "view": view,
        "views": VIEWS,
        "rows": _rows(request, shown[:PAGE], now),
        "before": before,
        "next": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "reader": reader(request),
    }
    return render(request, "silences.html", context)


def _rows(request: HttpRequest, shown: list[Silence], now: datetime) -> list[Row]:
    held: dict[int, list[Incident]] = {}
    incidents = visible(request, Incident.objects.filter(held_by__in=shown, resolved_at=None, closed_at=None))
    for incident in incidents.order_by("-id"):
        assert incident.held_by_id is not None
        held.setdefault(incident.held_by_id, []).append(incident)
    outcomes = visible(request, TrialOutcome.objects.filter(silence__in=[one for one in shown if one.is_trial]))
    would = {row["silence"]: row["n"] for row in outcomes.values("silence").annotate(n=Count("id"))}
    return [Row(one, _state(one, now), held.get(one.pk, []), would.get(one.pk, 0), _again(one)) for one in shown]


def _again(silence: Silence) -> str:
    """How it recurs, and by whose clock: "every week, 02:00 to 04:00 Europe/Berlin"; empty when it does not."""
    if not silence.recurrence:
        return ""
    usual = dict(USUAL_RULES).get(silence.recurrence, "").lower()
    zone = time_zone(silence.zone)
    start, end = (at.astimezone(zone) for at in (silence.starts_at, silence.ends_at))
    return f"{usual or silence.recurrence}, {start:%H:%M} to {end:%H:%M} {silence.zone}"


def _state(silence: Silence, now: datetime) -> str:
    if silence.ended_at is not None:
        return "replaced" if silence.replaced_by.exists() else "ended early"
    if silence.active_until <= now:
        return "over"
    return "holds" if silence.active_from <= now else "will hold"


def new(request: HttpRequest) -> HttpResponse:
    """GET /silences/new?alert=N…: the form; about alerts, where some were chosen."""
    numbers = [number for text in request.GET.getlist("alert") if (number := row_number(text)) is not None]
    alerts = list(visible(request, Alert.objects.filter(pk__in=numbers[:200])).order_by("pk"))
    now = timezone.now()
    environments = {alert.environment_id for alert in alerts}
    typed = {
        "environment": str(environments.pop()) if len(environments) == 1 else "",
        "matchers": silences.matchers_about(alerts),
        "starts": now.strftime(TIME_FORMAT),
        "ends": (now + USUAL_LENGTH).strftime(TIME_FORMAT),
        "zone": "UTC",
    }
    return _show(request, Form(typed))


def edit(request: HttpRequest, number: int) -> HttpResponse:
    """GET /silences/N/edit: the form with what a silence says; keeping it makes another in its place."""
    silence = get_object_or_404(Silence, pk=number)
    zone = time_zone(silence.zone)
    typed = {
        "environment": str(silence.environment_id or ""),
        "matchers": silence.matchers,
        "starts": silence.starts_at.astimezone(zone).strftime(TIME_FORMAT),
        "ends": silence.ends_at.astimezone(zone).strftime(TIME_FORMAT),
        "zone": silence.zone,
        "recurrence": silence.recurrence,
        "reason": silence.reason,
        "trial": "on" if silence.is_trial else "",
    }
    return _show(request, Form(typed, editing=silence))


@for_responders
def submit(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """POST the form: what=preview shows what it would match; what=keep keeps it, in place of silence N where that is given."""
    typed = {name: str(value).replace("\x00", "") for name, value in request.POST.items()}
    editing = get_object_or_404(Silence, pk=number) if number is not None else None
    now, actor = timezone.now(), reader(request).username
    try:
        draft = draft_of(typed)
        require_in(request, Role.RESPONDER, _project_of(draft))
        if typed.get("what") != "keep":
            return _show(request, Form(typed, None, silences.preview(draft, now, service_names()), editing))
        if editing is not None:
            silences.replace(editing.pk, draft, actor=actor, now=now)
        else:
            silences.keep(draft, actor=actor, now=now)
    except BadSilence as refusal:
        return _show(request, Form(typed, refusal, None, editing), 400)
    return HttpResponseRedirect(reverse("silences"))


@for_responders
def end(request: HttpRequest, number: int) -> HttpResponse:
    """POST: ends a silence now."""
    try:
        silences.end(number, actor=reader(request).username, now=timezone.now())
    except Silence.DoesNotExist as error:
        raise Http404("There is no such silence.") from error
    except BadSilence:
        pass  # somebody else was faster: it has ended, as was asked
    return HttpResponseRedirect(reverse("silences"))


def _project_of(draft: Draft) -> int | None:
    """The project in which a silence would hold; None for all of them."""
    if draft.environment_id is None:
        return None
    return Environment.objects.get(pk=draft.environment_id).project_id


def draft_of(typed: dict[str, str]) -> Draft:
    """What was typed, as a silence; times are of the zone's clock. Raises BadSilence for the field that can't be read."""
    environment = row_number(typed.get("environment", ""))
    if environment is not None and not Environment.objects.filter(pk=environment).exists():
        raise BadSilence("environment", "There is no such environment (any more).")
    zone = typed.get("zone", "").strip() or "UTC"
    starts_at, ends_at = (_time(typed.get(name, ""), zone) for name in ("starts", "ends"))
    return Draft(
        environment,
        typed.get("matchers", ""),
        starts_at,
        ends_at,
        typed.get("reason", ""),
        typed.get("rule", "").strip() or typed.get("recurrence", ""),
        zone,
        bool(typed.get("trial")),
    )


def _time(text: str, zone: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=time_zone(zone)).astimezone(UTC)
    except BadRecurrence as error:
        raise BadSilence("zone", str(error)) from error
    except (ValueError, OverflowError) as error:
        raise BadSilence("times", "Say from when to when, such as 2026-03-01T22:00.") from error


def _show(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    environments = visible(request, Environment.objects.all(), Role.RESPONDER)
    recurrence = form.typed.get("rule") or form.typed.get("recurrence", "")
    context = {
        "form": form,
        "typed": form.typed,
        "refused": form.refused,
        "preview": form.preview,
        "editing": form.editing,
        "rules": USUAL_RULES,
        "own_rule": recurrence if recurrence not in dict(USUAL_RULES) else "",
        "environments": environments.select_related("project").order_by("project__slug", "slug"),
        "may_everywhere": access_at(request).may(Role.RESPONDER, None),
        "reader": reader(request),
    }
    return render(request, "silence.html", context, status=status)

"""Escalation policies: what there is, for what each is chosen, what would happen, and whether the auditor finds all well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.accounts.access import Role
from tocsin.catalog.models import Project
from tocsin.incidents.triage import Severity
from tocsin.notifications import store
from tocsin.oncall import policies
from tocsin.oncall.carriers import carrier
from tocsin.oncall.clock import BadSchedule, instant, shown, zone_named, zone_names
from tocsin.oncall.escalation import BadPolicy, Policy
from tocsin.oncall.escalations import Alarm, EscalationPolicy, PolicyChoice, Watch, standing
from tocsin.oncall.policies_written import read
from tocsin.oncall.walls import kept, wall
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders, may_manage, reader
from tocsin.web.scope import access_at, require_in, visible
from tocsin.workflows import auditing
from tocsin.workflows.foreseeing import Moment, Simulation, foresee, simulate

MOST_HISTORY, MOST_ALARMS = 20, 20


@dataclass(frozen=True, slots=True)
class Row:
    """A policy with its steps, and for what it is chosen."""

    policy: EscalationPolicy
    value: Policy
    choices: list[PolicyChoice]


def index(request: HttpRequest) -> HttpResponse:
    """GET /escalation: the policies, what each is chosen for, the simulator, and what the auditor finds."""
    return show(request)


def show(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    """The list, also after a change was refused."""
    rows = list(visible(request, policies.in_use().select_related("project")))
    projects = list(visible(request, Project.objects.order_by("slug")))
    chosen = {pk: seen(each, projects) for pk, each in policies.choices_of(rows).items()}
    row, now = auditing.watch(), timezone.now()
    alarms = visible(request, standing())
    context = {
        "rows": [Row(each, read(each.definition), chosen[each.pk]) for each in rows],
        "places": places([choice for each in chosen.values() for choice in each]),
        "projects": projects,
        "managed": list(visible(request, Project.objects.order_by("slug"), Role.MANAGER)),
        "may_make": bool(access_at(request).projects(Role.MANAGER)),
        "is_manager": access_at(request).may(Role.MANAGER, None),
        "severities": list(Severity),
        "watch": row,
        "is_alive": auditing.is_alive(row, now),
        "alarms": alarms[:MOST_ALARMS],
        "channels": store.in_use(),
        "refusal": refusal,
        **_simulated(request, now),
    }
    return render(request, "policies.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Place:
    """A service, a project, or all others, with the choice that counts there for each severity; None: nobody is called."""

    project: Project | None
    service: str
    counts: tuple[PolicyChoice | None, ...]

    def is_own(self, choice: PolicyChoice) -> bool:
        """Whether a choice was made for just this place, rather than for one around it."""
        return (choice.project_id, choice.service) == (self.project.pk if self.project else None, self.service)

    @property
    def cells(self) -> list[tuple[PolicyChoice | None, bool]]:
        """What counts for each severity, with whether it was chosen for just this place."""
        return [(choice, choice is not None and self.is_own(choice)) for choice in self.counts]


def places(choices: Sequence[PolicyChoice]) -> list[Place]:
    """What counts where, for all projects and wherever something is chosen apart from that."""
    apart = {(choice.project, choice.service) for choice in choices if choice.project}
    whole = {(project, "") for project, _ in apart}
    ordered = sorted(apart | whole, key=lambda place: (place[0].slug if place[0] else "", place[1]))
    return [_place(choices, project, service) for project, service in [(None, ""), *ordered]]


def _place(choices: Sequence[PolicyChoice], project: Project | None, service: str) -> Place:
    services = [service] if service else []
    number = project.pk if project else None
    found = (policies.counting(choices, number, services, severity) for severity in Severity)
    return Place(project, service, tuple(found))


@dataclass(frozen=True, slots=True)
class Line:
    """A moment of a course, with its time by somebody's clock, and how long after the beginning that is."""

    moment: Moment
    wall: str
    after: str


def course(moments: Sequence[Moment], zone: str) -> list[Line]:
    """A course as it is shown by the clock of a zone. Raises BadSchedule where there is no such zone."""
    place = zone_named(zone)
    minutes = (round((each.at - moments[0].at).total_seconds() / 60) for each in moments)
    return [
        Line(each, f"{shown(each.at, place):%a %H:%M}", f"+{after} min")
        for each, after in zip(moments, minutes, strict=True)
    ]


def seen(choices: Iterable[PolicyChoice], projects: Iterable[Project]) -> list[PolicyChoice]:
    """Those of the choices that are for all projects, or for one of these."""
    known = {project.pk for project in projects}
    return [each for each in choices if each.project_id is None or each.project_id in known]


def _simulated(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What was asked of the simulator, and its answer; without a project it was not asked."""
    zone = request.GET.get("zone", "") or _zone(request)
    told = {name: request.GET.get(name, "").replace("\x00", "") for name in ("project", "service", "severity", "at")}
    typed = told | {"zone": zone, "severity": told["severity"] or Severity.CRITICAL.value}
    found: dict[str, Any] = {"typed": typed, "zones": zone_names(), "now": now}
    try:
        typed["at"] = typed["at"] or kept(shown(now, zone_named(zone)) + timedelta(minutes=1))
        if typed["project"]:
            found["simulation"] = _simulate(request, typed)
            found["lines"] = course(found["simulation"].moments, zone)
    except (BadSchedule, BadPolicy) as refusal:
        found["simulation_refusal"] = str(refusal)
    return found


def _zone(request: HttpRequest) -> str:
    """The clock of whoever asks."""
    return carrier(reader(request)).zone


def _simulate(request: HttpRequest, typed: Mapping[str, str]) -> Simulation:
    project = visible(request, Project.objects.filter(slug=typed["project"])).first()
    if project is None or typed["severity"] not in set(Severity):
        raise BadPolicy("Choose a project and a severity.")
    at = instant(wall(typed["at"]), zone_named(typed["zone"]))
    services = [typed["service"]] if typed["service"] else []
    return simulate(project, services, Severity(typed["severity"]), at)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /escalation/POLICY: its steps, what would happen now, and what was changed of it."""
    row = policy_called(slug)
    value, now = read(row.definition), timezone.now()
    project = row.project or visible(request, Project.objects.order_by("slug")).first()
    context = {
        "policy": row,
        "value": value,
        "choices": seen(policies.choices_of([row])[row.pk], visible(request, Project.objects.all())),
        "lines": course(foresee(value, project.pk, Severity.CRITICAL, now), _zone(request)) if project else [],
        "history": row.history.order_by("-id")[:MOST_HISTORY],
        "may_manage": may_manage(request),
        "now": now,
    }
    return render(request, "policy.html", context)


def policy_called(slug: str) -> EscalationPolicy:
    """A policy in use. Raises Http404."""
    return get_object_or_404(EscalationPolicy.objects.select_related("project"), slug=slug, archived_at=None)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """POST: a policy counts for a project (empty: all), a service, a severity; without one, nothing is said of that any more."""
    given = {name: str(text).replace("\x00", "").strip() for name, text in request.POST.items()}
    project = None
    if given.get("project"):
        project = get_object_or_404(visible(request, Project.objects.all()), slug=given["project"])
    require_in(request, Role.MANAGER, project.pk if project else None)
    wanted = visible(request, policies.in_use()).filter(slug=given.get("policy", "")).first()
    try:
        if wanted is None and given.get("policy"):
            raise BadPolicy("There is no such policy (any more).")
        place = {"service": given.get("service", ""), "severity": given.get("severity", "")}
        policies.choose(wanted, project=project, **place, actor=reader(request).username, now=timezone.now())
    except BadPolicy as refusal:
        return show(request, str(refusal), 400)
    return HttpResponseRedirect(reverse("policies"))


@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """POST: the channel that hears the auditor's alarms; empty: none."""
    require_in(request, Role.MANAGER, None)
    number = row_number(request.POST.get("channel", "")) or 0
    fallback = next((each for each in store.in_use() if each.pk == number), None)
    Watch.objects.update_or_create(pk=1, defaults={"fallback": fallback})
    return HttpResponseRedirect(reverse("policies"))


@for_responders
def see(request: HttpRequest, number: int) -> HttpResponse:
    """POST: somebody took note of an alarm."""
    Alarm.objects.filter(pk=number, seen_at=None).update(seen_at=timezone.now(), seen_by=reader(request).username)
    return HttpResponseRedirect(reverse("policies"))

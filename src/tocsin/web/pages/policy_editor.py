"""The form in which an escalation policy is made and edited, with the course that comes of it as one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tocsin.accounts.access import Role
from tocsin.catalog.memberships import people
from tocsin.catalog.models import Project
from tocsin.ground.edits import BadEdit
from tocsin.incidents.triage import Severity
from tocsin.notifications import store
from tocsin.notifications.models import Channel
from tocsin.notifications.rules import Hours
from tocsin.oncall import policies
from tocsin.oncall.carriers import carrier
from tocsin.oncall.escalation import MOST_STEPS, BadPolicy, Policy, Step, check
from tocsin.oncall.escalations import EscalationPolicy
from tocsin.oncall.policies import Draft
from tocsin.oncall.policies_written import ROLES, read, read_targets, targets_text
from tocsin.oncall.store import in_use
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.belonging import chosen_project, projects_of
from tocsin.web.pages.people import for_managers, reader
from tocsin.web.pages.policies import course, policy_called
from tocsin.web.scope import access_at, require, require_in, visible
from tocsin.workflows.foreseeing import foresee

NAMED = ("name", "description", "project", "version", "what", "rounds", "holds")
USUAL = {"rounds": "2", "holds": "60"}


def new(request: HttpRequest) -> HttpResponse:
    """GET /escalation/new: the empty form; POST it: a new policy, or with what=preview what would come of it."""
    if not access_at(request).projects(Role.MANAGER):
        require(request, Role.MANAGER)
    posted = request.method == "POST"
    typed = from_form(request.POST) if posted else dict.fromkeys(NAMED, "") | USUAL | {"steps": []}
    if not posted or typed["what"] == "preview":
        return _show(request, None, typed)
    try:
        draft = draft_of(typed, chosen_project(request, typed["project"], BadPolicy))
        require_in(request, Role.MANAGER, draft.project)
        made = policies.create(draft, actor=reader(request).username, now=timezone.now())
    except BadPolicy as refusal:
        return _show(request, None, typed, refusal=str(refusal), status=400)
    return HttpResponseRedirect(reverse("policy", args=[made.slug]))


@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /escalation/POLICY/edit: the form; POST it with the version that was edited, or with what=preview."""
    row = policy_called(slug)
    typed = from_form(request.POST) if request.method == "POST" else from_row(row)
    if request.method != "POST" or typed["what"] == "preview":
        return _show(request, row, typed)
    try:
        seen, actor = row_number(typed["version"]) or 0, reader(request).username
        policies.edit(row.pk, draft_of(typed, row.project_id), seen=seen, actor=actor, now=timezone.now())
    except (BadPolicy, BadEdit) as refusal:
        return _show(request, row, typed, refusal=str(refusal), status=409 if isinstance(refusal, BadEdit) else 400)
    return HttpResponseRedirect(reverse("policy", args=[slug]))


@for_managers
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """POST: no run begins by the policy any more."""
    policies.archive(policy_called(slug).pk, actor=reader(request).username, now=timezone.now())
    return HttpResponseRedirect(reverse("policies"))


def from_row(row: EscalationPolicy) -> dict[str, Any]:
    """A kept policy as it is typed."""
    value = read(row.definition)
    steps = [
        {
            "targets": targets_text(step.targets),
            "wait": str(step.wait),
            "severities": [severity.value for severity in step.severities],
            "hours": step.hours.value,
        }
        for step in value.steps
    ]
    told = {"name": row.name, "description": row.description, "version": row.version, "project": "", "what": ""}
    return told | {"rounds": str(value.rounds), "holds": str(value.holds), "steps": steps}


def from_form(posted: Any) -> dict[str, Any]:
    """What was typed; a step without anybody is left out."""
    plain = {name: str(text).replace("\x00", "") for name, text in posted.items()}
    steps = [
        {
            "targets": plain.get(f"step-{number}-targets", ""),
            "wait": plain.get(f"step-{number}-wait", ""),
            "severities": posted.getlist(f"step-{number}-severities"),
            "hours": plain.get(f"step-{number}-hours", ""),
        }
        for number in range(MOST_STEPS + 1)
    ]
    told = {name: plain.get(name, "").strip() for name in NAMED}
    return told | {"steps": [step for step in steps if step["targets"].strip()]}


def draft_of(typed: Mapping[str, Any], project: int | None) -> Draft:
    """What was typed as a draft. Raises BadPolicy."""
    steps = tuple(_step(each, number) for number, each in enumerate(typed["steps"], 1))
    policy = Policy(steps, _count(typed["rounds"], "rounds"), _count(typed["holds"], "minutes of an acknowledgement"))
    return Draft(typed["name"], policy, typed["description"], project)


def _step(typed: Mapping[str, Any], number: int) -> Step:
    severities = tuple(severity for severity in Severity if severity.value in typed["severities"])
    hours = Hours(typed["hours"]) if typed["hours"] in set(Hours) else Hours.ALWAYS
    return Step(read_targets(typed["targets"]), _count(typed["wait"], f"minutes of step {number}"), severities, hours)


def _count(text: str, what: str) -> int:
    text = text.strip() or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise BadPolicy(f"Write the {what} as a number.")
    return int(text)


def preview(request: HttpRequest, typed: Mapping[str, Any], row: EscalationPolicy | None) -> dict[str, Any]:
    """What would happen now by what was typed, were it critical; or why it makes no sense."""
    try:
        draft = draft_of(typed, row.project_id if row else chosen_project(request, typed["project"], BadPolicy))
        check(draft.policy)
    except BadPolicy as refusal:
        return {"preview_refusal": str(refusal)}
    project = draft.project or visible(request, Project.objects.order_by("slug")).values_list("pk", flat=True).first()
    if project is None:
        return {}
    moments = foresee(draft.policy, project, Severity.CRITICAL, timezone.now())
    return {"lines": course(moments, carrier(reader(request)).zone)}


def _show(
    request: HttpRequest, row: EscalationPolicy | None, typed: dict[str, Any], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"now": timezone.now(), **preview(request, typed, row)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "parts/policy_preview.html", context)
    blank = {"targets": "", "wait": "5", "severities": [], "hours": Hours.ALWAYS.value}
    context |= {
        "policy": row,
        "typed": typed,
        "steps": [*typed["steps"], blank][: MOST_STEPS + 1],
        "severities": list(Severity),
        "hours": list(Hours),
        "projects": visible(request, Project.objects.order_by("slug"), Role.MANAGER),
        "may_be_everybodys": access_at(request).may(Role.MANAGER, None),
        "people": people(Role.RESPONDER, projects_of(request, row)),
        "schedules": visible(request, in_use()),
        "roles": ROLES,
        "channels": _channels(request),
        "refusal": refusal,
    }
    return render(request, "policy_edit.html", context, status=status)


def _channels(request: HttpRequest) -> list[Channel]:
    """The channels that may be named: those of projects that whoever asks may see, and with a role everywhere the rest."""
    seen = set(visible(request, Project.objects.all()).values_list("pk", flat=True))
    is_everywhere = access_at(request).may(Role.VIEWER, None)
    return [each for each in store.in_use() if is_everywhere or each.project_id in seen]

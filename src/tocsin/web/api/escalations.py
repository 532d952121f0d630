"""Escalation over the API: policies, for what each is chosen, what would happen, who was told, and what the auditor finds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import AwareDatetime, Field

from tocsin.accounts.access import Role
from tocsin.catalog.models import Project
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.oncall import policies
from tocsin.oncall.escalations import EscalationPolicy, standing
from tocsin.oncall.policies import Draft
from tocsin.oncall.policies_written import FORMAT, read
from tocsin.oncall.walls import within_reach
from tocsin.web.api.callers import TO_MANAGE, TO_READ, TO_RESPOND, who
from tocsin.web.api.one import Number
from tocsin.web.api.shapes import Asked, Line
from tocsin.web.pages.called import Called, called_of
from tocsin.web.pages.policies import policy_called
from tocsin.web.scope import require_in, visible
from tocsin.workflows import auditing, escalating
from tocsin.workflows.foreseeing import simulate

router = Router(tags=["escalation"])
of_incident = Router(tags=["escalation"])
Slug = Annotated[str, Field(max_length=100, examples=["payments"])]


class PolicyOut(Schema):
    """A policy; `definition` holds its steps, as they can be sent back."""

    slug: str
    name: str
    description: str
    project: str | None
    version: int
    edited_by: str
    definition: dict[str, Any]
    chosen_for: list[str]


class Policies(Schema):
    """The policies that you see, by name."""

    items: list[PolicyOut]


class Defined(Asked):
    """A policy as it shall be."""

    name: Line
    description: Annotated[str, Field(max_length=500)] = ""
    steps: Annotated[list[dict[str, Any]], Field(description=f"as in a definition of the format {FORMAT}")]
    rounds: int = 1
    holds: Annotated[int, Field(description="minutes without a word until a reminder; 0: never")] = 0

    def draft(self, project: int | None) -> Draft:
        """As a value. Raises BadPolicy."""
        value = read({"format": FORMAT, "steps": self.steps, "rounds": self.rounds, "holds": self.holds})
        return Draft(self.name, value, self.description, project)


class Made(Defined):
    """A new policy; without a project it is everybody's."""

    project: Annotated[str | None, Field(description="its slug")] = None


class Redefined(Defined):
    """A policy in another form; refused where `version` is not the newest."""

    version: int


class Choosing(Asked):
    """For what a policy counts; what is empty means any. Without a policy, nothing is said of that any more."""

    policy: str | None = None
    project: str | None = None
    service: Annotated[str, Field(max_length=100)] = ""
    severity: Severity | None = None


class ToldOut(Schema):
    """Somebody who is told: how they come to be, and in which ways."""

    who: str
    because: str
    ways: list[str]


class MomentOut(Schema):
    """A step of a run: when, whom it tells, and who can't be told because of what."""

    at: datetime
    step: str
    told: list[ToldOut]
    missed: list[str]


class Simulated(Schema):
    """What would happen while nobody answers; `policy` is null where no one would be notified."""

    policy: str | None
    reason: str
    moments: list[MomentOut]


class CallOut(Schema):
    """A step or reminder that was carried out."""

    at: datetime
    is_reminder: bool
    told: list[ToldOut]
    missed: list[str]


class Told(Schema):
    """Who was told of an incident, newest first, and what comes next; `nobody` says why no one was."""

    policy: str | None
    standing: str
    next: list[str]
    next_at: datetime | None
    nobody: str
    calls: list[CallOut]


class AlarmOut(Schema):
    """Somebody should have been told and was not."""

    incident: str
    text: str
    raised_at: datetime


class Audit(Schema):
    """When the auditor looked last, whether it lives, and the alarms that nobody has noted."""

    audited_at: datetime | None
    is_alive: bool
    alarms: list[AlarmOut]


class Standing(Schema):
    """The stage of the incident, now that somebody has it."""

    incident: str
    status: str


@router.get("/policies", response=Policies, summary="List escalation policies", auth=TO_READ)
def index(request: HttpRequest) -> Policies:
    """By name."""
    rows = list(visible(request, policies.in_use()).select_related("project"))
    return Policies(items=[_out(request, row) for row in rows])


@router.post("/policies", response={201: PolicyOut}, summary="Make an escalation policy", auth=TO_MANAGE)
def create(request: HttpRequest, response: HttpResponse, body: Made) -> Answered[PolicyOut]:
    """Its slug is made of its name. Nobody is called by it until it is chosen."""
    project = _project(request, body.project)
    require_in(request, Role.MANAGER, project.pk if project else None)
    draft = body.draft(project.pk if project else None)
    made = policies.create(draft, actor=who(request).user.username, now=timezone.now())
    response["Location"] = f"/api/v1/escalation/policies/{made.slug}"
    return Answered(201, _out(request, made))


@router.get("/policies/{slug}", response=PolicyOut, summary="One escalation policy", auth=TO_READ)
def one(request: HttpRequest, slug: Slug) -> PolicyOut:
    """With its steps, and for what it is chosen."""
    return _out(request, policy_called(slug))


@router.put("/policies/{slug}", response=PolicyOut, summary="Edit an escalation policy", auth=TO_MANAGE)
def edit(request: HttpRequest, slug: Slug, body: Redefined) -> PolicyOut:
    """All of it anew; runs that have begun go on as they began."""
    row, actor = policy_called(slug), who(request).user.username
    policies.edit(row.pk, body.draft(row.project_id), seen=body.version, actor=actor, now=timezone.now())
    return _out(request, policy_called(slug))


@router.put("/choices", response=Policies, summary="Choose the policy that counts", auth=TO_MANAGE)
def choose(request: HttpRequest, body: Choosing) -> Policies:
    """For a project, a service of it, a severity, or all of them."""
    project = _project(request, body.project)
    require_in(request, Role.MANAGER, project.pk if project else None)
    row = None
    if body.policy is not None:
        row = visible(request, policies.in_use()).filter(slug=body.policy.replace("\x00", "")).first()
        if row is None:
            raise Http404("There is no such policy.")
    severity = body.severity.value if body.severity else ""
    actor = who(request).user.username
    policies.choose(row, project=project, service=body.service, severity=severity, actor=actor, now=timezone.now())
    return index(request)


@router.get("/simulation", response=Simulated, summary="What would happen", auth=TO_READ)
def simulation(
    request: HttpRequest, project: Slug, severity: Severity, at: AwareDatetime | None = None, service: Slug = ""
) -> Simulated:
    """If an incident began at `at` (now) and nobody answered: who is told when, and how."""
    place = _project(request, project)
    assert place is not None
    services = [service.replace("\x00", "")] if service else []
    found = simulate(place, services, severity, within_reach(at or timezone.now()))
    moments = [
        MomentOut(
            at=each.at,
            step=each.step,
            told=[ToldOut(who=told.who, because=told.because, ways=list(told.ways)) for told in each.told],
            missed=list(each.missed),
        )
        for each in found.moments
    ]
    return Simulated(policy=found.policy.slug if found.policy else None, reason=found.reason, moments=moments)


@router.get("/audit", response=Audit, summary="What the auditor finds", auth=TO_READ)
def audit(request: HttpRequest) -> Audit:
    """A silent auditor means that no worker runs, and that calls may not go out."""
    row = auditing.watch()
    alarms = visible(request, standing())[:100]
    found = [AlarmOut(incident=each.incident.name, text=each.text, raised_at=each.raised_at) for each in alarms]
    return Audit(audited_at=row.audited_at, is_alive=auditing.is_alive(row, timezone.now()), alarms=found)


@of_incident.get("/{number}/escalation", response=Told, summary="Who was told of an incident", auth=TO_READ)
def told(request: HttpRequest, number: Number) -> Told:
    """By its newest run; and who is next."""
    incident = Incident.objects.select_related("environment").get(pk=number)
    found = called_of(incident, timezone.now())
    return _told(found) if found else Told(policy=None, standing="", next=[], next_at=None, nobody="", calls=[])


@of_incident.post("/{number}/answer", response=Standing, summary="Say that you have it", auth=TO_RESPOND)
def answer(request: HttpRequest, number: Number) -> Standing:
    """Acknowledges; later on, says that you are still on it. Nobody further is called."""
    incident = escalating.answer(number, actor=who(request).user.username, now=timezone.now())
    return Standing(incident=incident.name, status=incident.status)


def _told(found: Called) -> Told:
    calls = [
        CallOut(
            at=call.at,
            is_reminder=call.is_nag,
            told=[ToldOut(who=each["who"], because=each["because"], ways=each["ways"]) for each in call.told],
            missed=call.missed,
        )
        for call in (*found.calls, *found.earlier)
    ]
    return Told(
        policy=found.run.policy_name if found.run else None,
        standing=found.standing,
        next=[str(target) for target in found.next_step.targets] if found.next_step else [],
        next_at=found.next_at,
        nobody=found.nobody,
        calls=calls,
    )


def _project(request: HttpRequest, slug: str | None) -> Project | None:
    """The project that is named, where the caller sees it. Raises Http404."""
    if slug is None:
        return None
    found = visible(request, Project.objects.filter(slug=slug.replace("\x00", ""))).first()
    if found is None:
        raise Http404("There is no such project.")
    return found


def _out(request: HttpRequest, row: EscalationPolicy) -> PolicyOut:
    seen = set(visible(request, Project.objects.all()).values_list("pk", flat=True))
    choices = policies.choices_of([row])[row.pk]
    return PolicyOut(
        slug=row.slug,
        name=row.name,
        description=row.description,
        project=row.project.slug if row.project else None,
        version=row.version,
        edited_by=row.edited_by,
        definition=row.definition,
        chosen_for=[policies.said(each) for each in choices if each.project_id is None or each.project_id in seen],
    )

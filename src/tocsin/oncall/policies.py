"""What people do to escalation policies, and which one counts for an incident."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.accounts.models import User
from tocsin.catalog.imports.parsed import slug_of
from tocsin.catalog.models import Project
from tocsin.catalog.services import Service
from tocsin.ground.edits import BadEdit
from tocsin.incidents.triage import Severity
from tocsin.notifications.models import Channel
from tocsin.oncall.escalation import BadPolicy, Policy, Target, To, check
from tocsin.oncall.escalations import EscalationPolicy, PolicyChoice, PolicyEntry
from tocsin.oncall.models import Schedule
from tocsin.oncall.policies_written import ROLES, changes, read, written

LONGEST_NAME, LONGEST_DESCRIPTION = 100, 500
RESERVED = frozenset({"new", "choices", "watch", "alarms", "policies", "simulation"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy as somebody wants it. `project`: its primary key, None for everybody's."""

    name: str
    policy: Policy
    description: str = ""
    project: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which policy counts, because of which choice, and since when that was made."""

    policy: EscalationPolicy
    because: str
    since: datetime


def in_use() -> QuerySet[EscalationPolicy]:
    """The policies by which runs begin, by name."""
    return EscalationPolicy.objects.filter(archived_at=None).order_by("name", "pk")


@transaction.atomic
def create(draft: Draft, *, actor: str, now: datetime) -> EscalationPolicy:
    """A new policy. Raises BadPolicy."""
    check_draft(draft)
    slug = slug_of(draft.name)
    if not slug or slug in RESERVED:
        raise BadPolicy("Give the policy a name with letters or digits, and not one of our own pages.")
    if EscalationPolicy.objects.filter(slug=slug).exists():
        raise BadPolicy(f"There is a policy “{slug}” already; give this one another name.")
    row = EscalationPolicy(slug=slug, edited_by=actor, created_at=now, project_id=draft.project)
    _fill(row, draft)
    row.save()
    _record(row, "Made.", actor, now)
    return row


@transaction.atomic
def edit(policy_id: int, draft: Draft, *, seen: int, actor: str, now: datetime) -> EscalationPolicy:
    """Another form of a policy; runs that have begun go on by theirs. Raises BadEdit (somebody was faster), BadPolicy."""
    row = EscalationPolicy.objects.select_for_update(no_key=True).get(pk=policy_id, archived_at=None)
    if row.version != seen:
        raise BadEdit(f"{row.edited_by} has changed “{row.name}” meanwhile. Look at what is new, then save again.")
    check_draft(draft, already=read(row.definition))
    renamed = f"renamed from “{row.name}”" if row.name != draft.name.strip() else ""
    worded = "described in other words" if row.description != draft.description.strip() else ""
    said = "; ".join(filter(None, (renamed, worded, changes(read(row.definition), draft.policy))))
    if not said:
        return row
    _fill(row, draft)
    row.version, row.edited_by = row.version + 1, actor
    row.save()
    _record(row, f"{said[:1].upper()}{said[1:]}.", actor, now)
    return row


@transaction.atomic
def archive(policy_id: int, *, actor: str, now: datetime) -> None:
    """No run begins by it any more, and nothing chooses it; its history and its runs stay."""
    row = EscalationPolicy.objects.select_for_update(no_key=True).get(pk=policy_id, archived_at=None)
    row.archived_at = now
    row.save(update_fields=["archived_at"])
    row.choices.all().delete()
    _record(row, "Taken out of use.", actor, now)


def check_draft(draft: Draft, already: Policy | None = None) -> None:
    """Raises BadPolicy where a draft could not be kept; whom the policy names `already` may stay, whatever became of them."""
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        raise BadPolicy(f"Give the policy a name of at most {LONGEST_NAME} characters.")
    if len(draft.description) > LONGEST_DESCRIPTION:
        raise BadPolicy(f"The description is too long: {LONGEST_DESCRIPTION} characters at most.")
    check(draft.policy)
    kept = {target for step in already.steps for target in step.targets} if already else set()
    for target in {target for step in draft.policy.steps for target in step.targets} - kept:
        if not _is_there(target):
            hint = f"; choose from {', '.join(ROLES)}" if target.to is To.ROLE else ""
            raise BadPolicy(f"There is no {target.to} “{target.name}”{hint}.")


def _is_there(target: Target) -> bool:
    if target.to is To.ROLE:
        return target.name in ROLES
    if target.to is To.PERSON:
        return User.objects.filter(username=target.name, is_active=True).exists()
    if target.to is To.SCHEDULE:
        return Schedule.objects.filter(slug=target.name, archived_at=None).exists()
    return Channel.objects.filter(name=target.name, removed_at=None).exists()


def _fill(row: EscalationPolicy, draft: Draft) -> None:
    row.name = " ".join(draft.name.replace("\x00", "").split())
    row.description = " ".join(draft.description.replace("\x00", "").split())
    row.definition = written(draft.policy)


def _record(row: EscalationPolicy, text: str, actor: str, now: datetime) -> None:
    PolicyEntry.objects.create(
        policy=row, at=now, actor=actor, text=text, version=row.version, definition=row.definition
    )


@transaction.atomic
def choose(
    policy: EscalationPolicy | None, *, project: Project | None, service: str, severity: str, actor: str, now: datetime
) -> PolicyChoice | None:
    """Says for what a policy counts; None: no longer says anything about that. Raises BadPolicy."""
    if severity and severity not in set(Severity):
        raise BadPolicy(f"“{severity}” is no severity.")
    if service and (project is None or not Service.objects.filter(project=project, slug=service).exists()):
        raise BadPolicy("Name a service of the project that you chose.")
    place: dict[str, Any] = {"project": project, "service": service, "severity": severity}
    if policy is None:
        PolicyChoice.objects.filter(**place).delete()
        return None
    if policy.project_id is not None and (project is None or project.pk != policy.project_id):
        raise BadPolicy(f"“{policy.name}” is for its own project only.")
    return PolicyChoice.objects.update_or_create(
        **place, defaults={"policy": policy, "since": now, "chosen_by": actor}
    )[0]


def chosen(project_id: int, services: Sequence[str], severity: str) -> Chosen | None:
    """The policy that counts for an incident; None where no choice fits. `services` nearest first.

    A choice for a service goes before one for the project, that before one for all; of two alike the one that names the severity.
    """
    fitting = PolicyChoice.objects.select_related("policy", "project").filter(
        Q(project=None) | Q(project=project_id),
        service__in=["", *services],
        severity__in=["", severity],
        policy__archived_at=None,
    )
    found = counting(fitting, project_id, services, severity)
    return Chosen(found.policy, said(found), found.since) if found else None


def counting(
    choices: Iterable[PolicyChoice], project_id: int | None, services: Sequence[str], severity: str
) -> PolicyChoice | None:
    """Which of several choices counts for a place and a severity, as `chosen` says; None for one that no project is named for."""
    fitting = (
        choice
        for choice in choices
        if choice.project_id in (None, project_id)
        and choice.service in ("", *services)
        and choice.severity in ("", severity)
    )
    return min(fitting, key=lambda choice: _order(choice, services), default=None)


def _order(choice: PolicyChoice, services: Sequence[str]) -> tuple[int, bool, bool]:
    nearest = list(services).index(choice.service) if choice.service else len(services)
    return nearest, choice.project_id is None, not choice.severity


def said(choice: PolicyChoice) -> str:
    """A choice in words: “critical incidents of the service cart of shop”."""
    what = f"{choice.severity} incidents" if choice.severity else "incidents"
    if choice.service and choice.project:
        return f"{what} of the service {choice.service} of {choice.project.slug}"
    return f"{what} of {choice.project.slug}" if choice.project else f"{what} of all projects"


def choices_of(policies: Collection[EscalationPolicy]) -> dict[int, list[PolicyChoice]]:
    """What each policy is chosen for, by primary key."""
    found: dict[int, list[PolicyChoice]] = {policy.pk: [] for policy in policies}
    rows = PolicyChoice.objects.select_related("project", "policy").filter(policy__in=policies)
    for choice in rows.order_by("project__slug", "service", "severity"):
        found[choice.policy_id].append(choice)
    return found

"""What would happen if an incident began at some time and nobody answered: who is told when, in which ways, and who can't be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.catalog.models import Project
from tocsin.catalog.services import Service
from tocsin.incidents import matrices
from tocsin.incidents.triage import Severity
from tocsin.notifications import contacts
from tocsin.oncall import escalation, policies
from tocsin.oncall.escalation import BadPolicy, Policy, Situation, Step, Target, To, Wanted
from tocsin.oncall.escalations import EscalationPolicy
from tocsin.oncall.policies_written import MANAGERS, read
from tocsin.workflows import paging

MANAGERS_OF_PROJECT = Target(To.ROLE, MANAGERS)


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who would be called: how they come to be, and in which ways."""

    who: str
    because: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One step: when, which, who is told, and what goes wrong."""

    at: datetime
    step: str
    told: tuple[Told, ...]
    missed: tuple[str, ...]


def foresee(policy: Policy, project_id: int, severity: Severity, at: datetime) -> list[Moment]:
    """The whole course of a run that begins at `at`, step by step, while nobody answers."""
    calendar, project = matrices.matrix_of(project_id).calendar, Project.objects.get(pk=project_id)
    found: list[Moment] = []
    state, now = escalation.begun(at), at
    while (due := escalation.due(policy, state, now)).wanted is Wanted.CALL or due.next_at is not None:
        if due.next_at is not None:
            now = due.next_at
            continue
        step = policy.step_at(state.place)
        why = escalation.passed_over(step, Situation(severity, calendar.is_working(now)))
        told, missed = ([], [f"passed over: {why}"]) if why else _told(step, project, severity, now)
        found.append(Moment(now, policy.named(state.place), tuple(told), tuple(missed)))
        state = escalation.carried_out(policy, state, now, reached=bool(told))
    return found


def _told(step: Step, project: Project, severity: Severity, at: datetime) -> tuple[list[Told], list[str]]:
    told: dict[str, Told] = {}
    missed: list[str] = []
    for target in step.targets:
        people, why = _people(target, project, at)
        missed += [why] if why else []
        for person, because in people:
            is_known = target.to in (To.PERSON, To.SCHEDULE) or target == MANAGERS_OF_PROJECT
            called = _called(person, project, severity, at) if is_known else None
            if called is not None and not called.ways:
                missed.append(called.nobody_because)
            else:
                told.setdefault(person, Told(person, because, called.ways if called else ()))
    return list(told.values()), missed


def _people(target: Target, project: Project, at: datetime) -> tuple[Sequence[tuple[str, str]], str]:
    if target.to is To.CHANNEL:
        channel, why = paging.channel_called(target.name, project)
        return [(str(target), "named by the policy")] if channel else [], why
    if target.to is To.SCHEDULE:
        return paging.carrying(target.name, at)
    if target == MANAGERS_OF_PROJECT:
        return paging.managing(project)
    if target.to is To.ROLE:
        return [(f"whoever is {target.name}", "if somebody is by then")], ""
    return [(target.name, "named by the policy")], ""


def _called(name: str, project: Project, severity: Severity, at: datetime) -> contacts.Called:
    user, why = paging.person_called(name, project)
    return contacts.foreseen(user, severity, at) if user else contacts.Called((), why)


@dataclass(frozen=True, slots=True)
class Simulation:
    """Which policy would count, because of what, and the course of its run; without one `reason` says why nobody is told."""

    policy: EscalationPolicy | None
    reason: str
    moments: tuple[Moment, ...] = ()


def simulate(project: Project, services: Sequence[str], severity: Severity, at: datetime) -> Simulation:
    """What would happen if an incident began at `at`; its services nearest first. Raises BadPolicy where one is none."""
    known = Service.objects.filter(project=project, slug__in=services).values_list("slug", flat=True)
    if unknown := [each for each in services if each not in set(known)]:
        raise BadPolicy(f"There is no service “{unknown[0]}” in {project.slug}.")
    chosen = policies.chosen(project.pk, services, severity)
    if chosen is None:
        return Simulation(
            None, f"No one would be notified: no policy is chosen for {severity} incidents of {project.slug}."
        )
    reason = f"chosen for {chosen.because}"
    return Simulation(chosen.policy, reason, tuple(foresee(read(chosen.policy.definition), project.pk, severity, at)))

"""Runs of escalation policies: begun, carried on and ended by what the incident's timeline says, each look in one transaction.

A look locks the incident, then its run; so of two workers one finds the other's work done. What it decides, whom it calls (rows
of the outbox), what the timeline says of it and the next timer are committed together, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tocsin.ground.models import Timer
from tocsin.incidents import changes, matrices
from tocsin.incidents.lifecycle import OPEN, Status, is_open
from tocsin.incidents.models import Incident, IncidentService, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.incidents.undoing import UNDONE
from tocsin.notifications import outbox
from tocsin.oncall import escalation, policies
from tocsin.oncall.escalation import Situation, State, Wanted
from tocsin.oncall.escalations import Escalation, EscalationPolicy
from tocsin.workflows import paging

TIMER = "escalation"
ENTRY = "escalation"
# What Tocsin itself writes and that may begin or end a run; of people, whatever they do may be an answer.
_MATTERS = frozenset({"opened", "status", "severity", "silence", "merge"})
_OVER = [status.value for status in Status if not is_open(status)]
# Whoever moves it there has it; who reopens it for others to take has not.
_TAKEN = [status.value for status in OPEN if status is not Status.TRIGGERED]


def hear(entries: Iterable[TimelineEntry], now: datetime) -> None:
    """Has the incidents looked at to which something happened, in the caller's transaction."""
    numbers = {entry.incident_id for entry in entries if entry.actor != changes.TOCSIN or entry.kind in _MATTERS}
    if not numbers or not EscalationPolicy.objects.exists():
        return
    timers = [Timer(kind=TIMER, key=str(number), due_at=now) for number in sorted(numbers)]
    Timer.objects.bulk_create(timers, update_conflicts=True, unique_fields=["kind", "key"], update_fields=["due_at"])


@transaction.atomic
def answer(incident_id: int, *, actor: str, now: datetime) -> Incident:
    """Somebody has it: acknowledges, or says that they are still on it. Raises IllegalMove where it is over."""
    incident = changes.locked(incident_id)
    if incident.status == Status.TRIGGERED or not is_open(Status(incident.status)):
        return changes.change_status(incident_id, Status.ACKNOWLEDGED, actor=actor, now=now)
    changes.record(incident, ENTRY, f"{actor} is on it.", actor=actor, now=now, answers=True)
    outbox.suppress_calls(incident_id, f"{actor} is on it", now)
    return incident


@transaction.atomic
def look(incident_id: int, now: datetime) -> None:
    """The timer's action: brings the incident's run to where it has to be now, and sets the next look."""
    rows = Incident.objects.select_for_update(no_key=True, of=("self",)).select_related("environment__project")
    incident = rows.filter(pk=incident_id).first()
    if incident is None:
        return
    run = Escalation.objects.filter(incident=incident, ended_at=None).first()
    if silent := _silent(incident):
        if run is not None:
            _end(run, silent, now)
        return
    if run is not None and (taken_back := _taken_back(run, incident)):
        why = "whoever had it took that back"
        _end(run, why, now)
        run = _begin(incident, why, taken_back, now)
    elif run is not None and Severity(incident.severity).rank < Severity(run.severity).rank:
        why = f"the severity was raised from {run.severity} to {incident.severity}"
        _end(run, why, now)
        run = _begin(incident, why, _last(incident, Q(kind="severity")), now)
    elif run is None:
        ended = Q(kind="silence") | Q(kind="status", reference__to__in=_OVER)
        run = _begin(incident, "it is open", _last(incident, ended), now)
    if run is not None:
        run.severity = incident.severity  # lowered: to be raised again counts from here
        _go_on(run, incident, now)


def _silent(incident: Incident) -> str:
    """Why nobody is to be called about an incident; empty where they are."""
    if not is_open(Status(incident.status)):
        return f"it is {incident.status}"
    if incident.merged_into_id is not None:
        return f"it is part of INC-{incident.merged_into_id:03d}"
    return "a silence holds it" if incident.held_until is not None else ""


def _taken_back(run: Escalation, incident: Incident) -> int:
    """The entry by which somebody undid, since the run began, that they have it; 0 where nobody did."""
    if incident.status != Status.TRIGGERED:
        return 0
    moves = TimelineEntry.objects.filter(incident=incident, kind="status", id__gt=run.after_entry).values_list("pk")
    undone = Q(kind=UNDONE, reference__undoes__in=[pk for (pk,) in moves])
    return _last(incident, undone)


def _last(incident: Incident, which: Q) -> int:
    """The newest entry of some sort, by its id; 0 where there is none."""
    found = TimelineEntry.objects.filter(which, incident=incident).order_by("-id").values_list("id", flat=True).first()
    return found or 0


def _begin(incident: Incident, why: str, after_entry: int, now: datetime) -> Escalation | None:
    """A new run by the policy that counts, kept as it is now; None where none does: then the timeline says so, once."""
    chosen = policies.chosen(incident.environment.project_id, services_of(incident), incident.severity)
    if chosen is None:
        _say_nobody(incident, now)
        return None
    row = chosen.policy
    return Escalation.objects.create(
        incident=incident,
        policy=row,
        policy_name=row.name,
        version=row.version,
        definition=row.definition,
        because=f"{why}; “{row.name}” is chosen for {chosen.because}",
        severity=incident.severity,
        after_entry=after_entry,
        started_at=now,
        next_at=now,
    )


def services_of(incident: Incident) -> list[str]:
    """The services that an incident affects, nearest first."""
    return services_of_all([incident])[incident.pk]


def services_of_all(incidents: Collection[Incident]) -> dict[int, list[str]]:
    """The services that each of these incidents affects, nearest first; one query."""
    roles = [role.value for role in IncidentService.Role]
    found: dict[int, list[str]] = {incident.pk: [] for incident in incidents}
    affected = IncidentService.objects.filter(incident__in=incidents).values_list("incident", "role", "slug")
    for number, _, slug in sorted(affected, key=lambda row: (roles.index(row[1]), row[2])):
        found[number].append(slug)
    return found


def _say_nobody(incident: Incident, now: datetime) -> None:
    said = TimelineEntry.objects.filter(incident=incident, kind=ENTRY, reference__none=incident.severity)
    if not said.exists():
        where = incident.environment.project.slug
        text = (
            f"No one was notified, because no escalation policy is chosen for {incident.severity} incidents of {where}."
        )
        changes.record(incident, ENTRY, text, actor=changes.TOCSIN, now=now, none=incident.severity)


def _end(run: Escalation, why: str, now: datetime) -> None:
    run.ended_at, run.ended_because = now, why
    run.save()
    outbox.suppress_calls(run.incident_id, why, now)


def _go_on(run: Escalation, incident: Incident, now: datetime) -> None:
    policy, state = run.frozen, _with_answers(run, now)
    situation = _situation(incident, now)
    while (due := escalation.due(policy, state, now)).wanted is not Wanted.NOTHING:
        if due.wanted is Wanted.NAG:
            paging.remind(run, incident, state, now)
            state = escalation.nagged(state, now)
        else:
            reached = paging.carry_out(run, incident, state.place, situation, now)
            state = escalation.carried_out(policy, state, now, reached=reached)
    if state.place == policy.places and state.answered_at is None:
        _say_exhausted(run, incident, now, is_waiting=due.next_at is not None)
    if due.next_at is not None:
        if state.answered_at is None:  # earlier than planned, where the clock was set back
            state = replace(state, next_at=due.next_at)
        Timer.objects.update_or_create(kind=TIMER, key=str(incident.pk), defaults={"due_at": due.next_at})
    run.put(state)
    run.save()


def _with_answers(run: Escalation, now: datetime) -> State:
    """How far the run is, with what people did meanwhile: a move or a word “on it” answers; after that any sign counts."""
    since = TimelineEntry.objects.filter(incident=run.incident_id, id__gt=run.after_entry).exclude(actor=changes.TOCSIN)
    answers = Q(kind="status", reference__to__in=_TAKEN) | Q(reference__answers=True)
    first = since.filter(answers).order_by("id").first()
    if first is None:
        return run.state
    sign = since.filter(id__gte=first.pk).order_by("-id")[0]
    if run.answered_at is not None and sign.at <= run.answered_at:
        return run.state
    if run.answered_at is None:
        outbox.suppress_calls(run.incident_id, f"{first.actor} answered", now)
    run.answered_by = sign.actor
    return escalation.answered(run.state, sign.at)


def _situation(incident: Incident, now: datetime) -> Situation:
    calendar = matrices.matrix_of(incident.environment.project_id).calendar
    return Situation(Severity(incident.severity), calendar.is_working(now))


def _say_exhausted(run: Escalation, incident: Incident, now: datetime, *, is_waiting: bool) -> None:
    """Every step was carried out: what remains is said aloud, once, so that nobody believes that somebody is being called.

    Those who were called last have their wait to answer first; where nobody was, there is nothing to wait for.
    """
    is_told = any(call.told for call in run.calls.all())
    is_said = TimelineEntry.objects.filter(incident=incident, kind=ENTRY, reference__exhausted=run.pk).exists()
    if is_said or (is_told and is_waiting):
        return
    if is_told:
        text = f"Everybody of “{run.policy_name}” was called {run.frozen.rounds} × in vain: nobody else will be."
    else:
        reasons = dict.fromkeys(why for call in run.calls.order_by("number") for why in call.missed)
        text = f"No one was notified, because {'; '.join(reasons)}."
    changes.record(incident, ENTRY, text, actor=changes.TOCSIN, now=now, exhausted=run.pk)

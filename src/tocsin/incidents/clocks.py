"""Clocks of acknowledgement in the database: set when an incident is judged, and told of on its timeline when they run out."""

from __future__ import annotations

from datetime import datetime

from tocsin.catalog.calendar import NeverOpen
from tocsin.ground.models import Timer
from tocsin.incidents import changes, matrices
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.clock import Clock, Standing, due
from tocsin.incidents.triage.matrix import Matrix

TIMER = "acknowledgement"
_SAID = {
    Standing.AT_RISK: "Acknowledgement at risk: nobody has acknowledged it yet.",
    Standing.BREACHED: "Acknowledgement breached: nobody has acknowledged it in time.",
}


def acknowledged_at(incident: Incident) -> datetime | None:
    """When somebody first turned to it, by whatever stage; None where nobody has."""
    reached = (incident.acknowledged_at, incident.investigating_at, incident.mitigating_at)
    return min((at for at in reached if at is not None), default=None)


def clock_of(incident: Incident, assessment: Assessment | None) -> Clock | None:
    """The incident's clock; None where it has none (yet)."""
    if assessment is None or assessment.acknowledge_by is None:
        return None
    since = assessment.counted_from or incident.triggered_at
    return Clock(since, assessment.acknowledge_by, acknowledged_at(incident))


def wind(incident: Incident, assessment: Assessment, matrix: Matrix, now: datetime) -> None:
    """Sets the clock by the incident's severity, from its trigger or the end of its silence. The caller saves `assessment`."""
    _count_from(incident, assessment, now)
    try:
        by = due(Severity(incident.severity), assessment.counted_from or incident.triggered_at, matrix)
    except NeverOpen:  # a calendar of holidays alone has no next business day
        by = None
    if by == assessment.acknowledge_by:
        return
    assessment.acknowledge_by, assessment.acknowledge_told = by, ""
    clock = clock_of(incident, assessment)
    if clock is None or incident.status != Status.TRIGGERED:
        Timer.objects.filter(kind=TIMER, key=str(incident.pk)).delete()
    else:
        look_at(incident, clock.at_risk_from)


def _count_from(incident: Incident, assessment: Assessment, now: datetime) -> None:
    """While a silence holds it nobody is told, so that nobody can be late: the clock begins when that ends."""
    if incident.held_until is not None and incident.held_until > now:
        assessment.counted_from = incident.held_until
    elif assessment.counted_from is not None and assessment.counted_from > now:
        assessment.counted_from = now  # the silence ended early


def tell(incident_id: int, now: datetime) -> None:
    """Says on the timeline that the acknowledgement is at risk, or breached: each once. Nothing where somebody has it."""
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    assessment = Assessment.objects.filter(incident=incident_id).first()
    clock = clock_of(incident, assessment) if incident else None
    if incident is None or assessment is None or clock is None or incident.status != Status.TRIGGERED:
        return
    if incident.held_until is not None and incident.held_until > now:
        wind(incident, assessment, matrices.matrix_of(incident.environment.project_id), now)
        assessment.save()
        return
    standing = clock.standing(now)
    if standing is not Standing.BREACHED:
        look_at(incident, clock.due if standing is Standing.AT_RISK else clock.at_risk_from)
    if standing is Standing.OK or standing == assessment.acknowledge_told:
        return
    assessment.acknowledge_told = standing.value
    assessment.save(update_fields=["acknowledge_told"])
    changes.record(incident, "clock", _SAID[standing], actor=changes.TOCSIN, now=now, due=clock.due.isoformat())


def look_at(incident: Incident, at: datetime) -> None:
    """Has the clock looked at at a time; where it need not be any more, that costs nothing."""
    Timer.objects.update_or_create(kind=TIMER, key=str(incident.pk), defaults={"due_at": at})

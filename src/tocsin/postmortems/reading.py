"""Reads the record of an incident for its postmortem."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tocsin.incidents.actions import Action
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import (
    Incident,
    IncidentDeployment,
    IncidentOccurrence,
    IncidentService,
    TimelineEntry,
)
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import statements_of
from tocsin.investigation.diagnosis.report import Report
from tocsin.investigation.models import StoredReport
from tocsin.postmortems.record import Line, Record, Run, Todo, Told
from tocsin.postmortems.told import told

# More lines than a postmortem could tell; the story of a storm is in its first ones and its last.
MOST_LINES = 2000
_ROLES = {
    IncidentService.Role.CAUSE: "the cause was here",
    IncidentService.Role.NAMED: "named by an alert",
    IncidentService.Role.SAID: "named by a person",
    IncidentService.Role.DEPENDENT: "depends on what was broken",
}
_OVER = (f"→ {Status.RESOLVED}", f"→ {Status.CLOSED}")


def record_of(incident: Incident) -> Record:
    """Everything that a postmortem is drafted from. The incident comes with its environment and project."""
    first = _first_firing(incident)
    report, diagnosed = _report(incident), _first_diagnosis(incident)
    lines, runs = _lines(incident), _runs(incident)
    over = [line for line in lines if line.kind == "status" and any(arrow in line.text for arrow in _OVER)][-1:]
    began = [first.occurrence.starts_at] if first else []
    return Record(
        name=incident.name,
        title=incident.title,
        severity=incident.severity,
        place=f"{incident.environment.project.slug}/{incident.environment.slug}",
        resolution=incident.resolution,
        began_at=incident.started_at
        or min([incident.triggered_at, *began, *(run.at for run in runs if run.role == "failed")]),
        triggered_at=incident.detected_at or incident.triggered_at,
        acknowledged_at=incident.acknowledged_at,
        mitigating_at=incident.mitigating_at,
        resolved_at=incident.resolved_at,
        alert=f"{first.alert.title} ({first.alert.source.kind})" if first else "",
        closing=over[0].text.partition("): ")[2] if over else "",
        closed_by=over[0].actor if over else "",
        again=str(incident.recurrence_of or ""),
        services=tuple((link.slug, _ROLES[IncidentService.Role(link.role)]) for link in _services(incident)),
        hypothesis=report.hypotheses[0] if report and report.outcome == "diagnosed" else None,
        diagnosed_at=diagnosed,
        gaps=report.gaps if report else (),
        runs=runs,
        actions=_actions(incident),
        lines=lines,
        told=_told(incident),
    )


def _told(incident: Incident) -> Told:
    said = statements_of(incident.pk)
    by = said[Topic.CAUSE].author if Topic.CAUSE in said else ""
    return told({topic: statement.text for topic, statement in said.items()}, by)


def _first_firing(incident: Incident) -> IncidentOccurrence | None:
    firings = IncidentOccurrence.objects.filter(incident=incident).select_related("occurrence", "alert__source")
    return firings.order_by("occurrence__starts_at").first()


def _report(incident: Incident) -> Report | None:
    stored = StoredReport.objects.filter(investigation__incident=incident).order_by("-investigation__ordinal").first()
    try:
        return Report.from_json(stored.content) if stored else None
    except msgspec.DecodeError:  # written by another version: the draft asks a person then
        return None


def _first_diagnosis(incident: Incident) -> datetime | None:
    found = StoredReport.objects.filter(investigation__incident=incident, outcome="diagnosed")
    return found.order_by("investigation__ordinal").values_list("investigation__finished_at", flat=True).first()


def _services(incident: Incident) -> list[IncidentService]:
    return list(IncidentService.objects.filter(incident=incident).order_by("id"))


def _runs(incident: Incident) -> tuple[Run, ...]:
    links = IncidentDeployment.objects.filter(incident=incident).select_related("deployment").order_by("deployment")
    return tuple(
        Run(
            str(link.deployment),
            link.role,
            link.deployment.actor,
            link.deployment.finished_at or link.deployment.received_at,
            link.deployment.reason,
        )
        for link in links
    )


def _actions(incident: Incident) -> tuple[Todo, ...]:
    kept = Action.objects.filter(incident=incident).select_related("owner").order_by("ordinal")
    return tuple(
        Todo(
            each.name,
            each.title,
            each.owner.username if each.owner else "",
            each.due_on.isoformat() if each.due_on else "",
            each.state,
        )
        for each in kept
    )


def _lines(incident: Incident) -> tuple[Line, ...]:
    """The timeline in its order; of a very long one, the beginning and the end."""
    entries = TimelineEntry.objects.filter(incident=incident)
    half = MOST_LINES // 2
    first = list(entries.order_by("id")[:half])
    last = list(entries.filter(pk__gt=first[-1].pk).order_by("-id")[:half]) if first else []
    return tuple(Line(entry.at, entry.kind, entry.actor, entry.text) for entry in [*first, *reversed(last)])

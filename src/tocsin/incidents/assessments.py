"""What triage makes of an incident, written down: on the incident, and on its timeline wherever something is different."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg import AsyncConnection

from tocsin.incidents import changes, clocks, matrices, update_clocks
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.triage import Severity, Triage
from tocsin.incidents.triage.assessment import Assessment as Judged
from tocsin.incidents.triage.priority import Workaround
from tocsin.incidents.triage.scale import Scale, shown

TIMER = "assess"
_REQUEST = """
INSERT INTO ground_timer (kind, key, due_at)
SELECT 'assess', id::text, %(now)s FROM unnest(%(ids)s::bigint[]) AS x(id) ORDER BY id
ON CONFLICT (kind, key) DO UPDATE SET due_at = EXCLUDED.due_at
"""


async def request_all(database: AsyncConnection[tuple[Any, ...]], incident_ids: set[int], now: datetime) -> None:
    """Asks that these incidents be judged (anew) soon, in the caller's transaction; asking twice is asking once."""
    if incident_ids:
        await database.execute(_REQUEST, {"ids": sorted(incident_ids), "now": now})


def request(incident_id: int, now: datetime) -> None:
    """As `request_all`, for one incident and in Django's current transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_REQUEST, {"ids": [incident_id], "now": now})


def begin(incident_id: int, actor: str, now: datetime) -> None:
    """Notes that a person has set the severity of a new incident, and asks that the rest be judged."""
    Assessment.objects.create(incident_id=incident_id, severity_set_by=actor)
    request(incident_id, now)


def _locked(incident_id: int) -> Incident:
    return (
        Incident.objects.select_for_update(of=("self",), no_key=True).select_related("environment").get(pk=incident_id)
    )


def assessment_of(incident_id: int) -> Assessment:
    """The incident's assessment, made where there is none yet. The caller holds the incident."""
    return Assessment.objects.get_or_create(incident_id=incident_id)[0]


def keep(incident: Incident, judged: Judged, now: datetime) -> None:
    """Writes a judgement; the caller holds the incident. What is different gets a line with its reason.

    The severity is only ever raised here. Where a person has set it, that stands, and the line is a suggestion.
    """
    matrix = matrices.matrix_of(incident.environment.project_id)
    kept = assessment_of(incident.pk)
    lines = _differences(kept, judged, matrix.scale)
    if kept.assessed_at is None:
        lines.insert(0, f"Severity {_named(Severity(incident.severity), matrix.scale)}: {incident.severity_reason}.")
    _write(kept, judged, now)
    if lines:
        changes.record(incident, "triage", " ".join(lines), actor=changes.TOCSIN, now=now)
    _propose(incident, kept, judged.severity, now, matrix.scale)
    clocks.wind(incident, kept, matrix, now)
    kept.save()
    update_clocks.request(incident.pk, now)


def _differences(kept: Assessment, judged: Judged, scale: Scale) -> list[str]:
    """A sentence for each of class, scope and priority that is not what it was."""
    lines = []
    found = judged.classified
    if kept.assessed_at is None or kept.classification != (found.of or ""):
        lines.append(f"Class {found.of or 'unclassified'}: {found.reason}.")
    if kept.scope != judged.extent.scope:
        lines.append(f"Scope {judged.extent.scope}: {judged.extent.reason}.")
    if kept.priority != judged.priority.severity:
        lines.append(f"Priority {_named(judged.priority.severity, scale)}: {judged.priority.reason}.")
    return lines


def _write(kept: Assessment, judged: Judged, now: datetime) -> None:
    kept.assessed_at = now
    kept.classification, kept.classification_reason = judged.classified.of or "", judged.classified.reason
    kept.scope, kept.scope_reason = judged.extent.scope.value, judged.extent.reason
    kept.priority, kept.priority_reason = judged.priority.severity.value, judged.priority.reason


def _propose(incident: Incident, kept: Assessment, proposed: Triage, now: datetime, scale: Scale) -> None:
    """Raises the severity to what is proposed; or, where a person's stands, says once what the evidence suggests."""
    before, current = kept.severity, Severity(incident.severity)
    kept.severity, kept.severity_reason = proposed.severity.value, proposed.reason
    if proposed.severity.rank >= current.rank:
        return
    to, was = _named(proposed.severity, scale), _named(current, scale)
    if kept.severity_set_by:
        if before != proposed.severity:
            text = f"The evidence suggests {to}: {proposed.reason}. {kept.severity_set_by} set {was}, which stands."
            changes.record(incident, "severity", text, actor=changes.TOCSIN, now=now)
        return
    incident.severity, incident.severity_reason = proposed.severity.value, proposed.reason
    incident.save(update_fields=["severity", "severity_reason"])
    text = f"Severity raised from {was} to {to}: {proposed.reason}."
    moved = {"was": current.value, "to": proposed.severity.value}
    changes.record(incident, "severity", text, actor=changes.TOCSIN, now=now, **moved)


def _named(severity: Severity, scale: Scale) -> str:
    return severity.value if scale is Scale.WORDS else shown(severity, scale)


@transaction.atomic
def set_severity(incident_id: int, severity: Severity, *, actor: str, now: datetime, note: str) -> None:
    """A person's own judgement, which stands from now on; the clock counts by it, from the trigger. Raises BadChange."""
    incident = _locked(incident_id)
    matrix = matrices.matrix_of(incident.environment.project_id)
    was, to = _named(Severity(incident.severity), matrix.scale), _named(severity, matrix.scale)
    if not note.strip():
        raise changes.BadChange("Say why the severity changes: others will ask.")
    if incident.severity == severity:
        raise changes.BadChange(f"The severity already is {to}.")
    moved = {"was": incident.severity, "to": severity.value, "because": incident.severity_reason}
    incident.severity, incident.severity_reason = severity.value, f"{note} ({actor})"
    incident.save(update_fields=["severity", "severity_reason"])
    kept = assessment_of(incident_id)
    moved["set_by"], kept.severity_set_by = kept.severity_set_by, actor
    clocks.wind(incident, kept, matrix, now)
    kept.save()
    update_clocks.request(incident.pk, now)
    if not is_open(Status(incident.status)):
        changes.announce_end(incident, now)  # what its end calls for depends on the severity
    changes.record(incident, "severity", f"Severity {was} → {to}: {note}", actor=actor, now=now, **moved)


def put_back_severity(incident: Incident, moved: Mapping[str, str], now: datetime) -> None:
    """The severity as it was before `set_severity`, by what its entry refers to; the caller holds the incident."""
    incident.severity, incident.severity_reason = moved["was"], moved["because"]
    incident.save(update_fields=["severity", "severity_reason"])
    kept = assessment_of(incident.pk)
    kept.severity_set_by = moved["set_by"]
    clocks.wind(incident, kept, matrices.matrix_of(incident.environment.project_id), now)
    kept.save()
    update_clocks.request(incident.pk, now)
    if not is_open(Status(incident.status)):
        changes.announce_end(incident, now)


@transaction.atomic
def set_workaround(incident_id: int, workaround: Workaround, *, actor: str, now: datetime, note: str) -> None:
    """Whether there is a way around the failure, in a person's words; the priority follows. Raises BadChange."""
    incident = _locked(incident_id)
    kept = assessment_of(incident_id)
    if kept.workaround == workaround:
        raise changes.BadChange("That is what is known already.")
    kept.workaround = workaround.value
    kept.save(update_fields=["workaround"])
    known = {Workaround.UNKNOWN: "not known", Workaround.NONE: "none", Workaround.EXISTS: "there is one"}
    said = f": {note.strip()}" if note.strip() else "."
    changes.record(incident, "triage", f"Workaround: {known[workaround]}{said}", actor=actor, now=now)
    request(incident_id, now)

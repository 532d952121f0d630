"""An incident's facts as they stand now, for whoever is to be told; a constant number of queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import msgspec
from django.conf import settings
from django.db.models import Max, Min

from tocsin.ground.plain import clipped, command_line
from tocsin.incidents import matrices
from tocsin.incidents.models import Incident, IncidentOccurrence, IncidentService
from tocsin.incidents.triage.scale import Scale, shown
from tocsin.investigation.diagnosis import Report
from tocsin.investigation.models import StoredReport
from tocsin.notifications.notice import Cause, Facts

MOST_SERVICES = 8
MOST_COMMANDS = 3
LONGEST_ALERT = 400


def public_url(path: str = "") -> str:
    """The whole address of a page, as people reach this installation."""
    config = settings.CONFIG
    return (settings.PUBLIC_URL or f"http://{config.bind}:{config.port}").rstrip("/") + path


def facts_of(incidents: Collection[int]) -> dict[int, Facts]:
    """The facts of each of these incidents, by number; of those that are gone there are none."""
    services: dict[int, list[str]] = defaultdict(list)
    roles = [role.value for role in IncidentService.Role]
    affected = IncidentService.objects.filter(incident__in=incidents).values_list("incident", "slug", "role")
    for incident, slug, _ in sorted(affected, key=lambda row: (roles.index(row[2]), row[1])):
        services[incident].append(slug)
    causes, alerts, scale = _causes(incidents), _alerts(incidents), matrices.scale()
    rows = Incident.objects.select_related("environment__project", "assignee").filter(pk__in=incidents)
    return {row.pk: _facts(row, services[row.pk], causes.get(row.pk), alerts.get(row.pk, ""), scale) for row in rows}


def _facts(incident: Incident, services: list[str], cause: Cause | None, alert: str, scale: Scale) -> Facts:
    return Facts(
        number=incident.pk,
        name=incident.name,
        title=incident.title,
        severity=incident.severity,
        scale=shown(incident.severity, scale),
        status=incident.status,
        project=incident.environment.project.slug,
        environment=incident.environment.slug,
        triggered_at=incident.triggered_at,
        url=public_url(f"/incidents/{incident.pk}"),
        services=tuple(services[:MOST_SERVICES]),
        assignee=incident.assignee.username if incident.assignee else "",
        resolution=incident.resolution,
        cause=cause,
        alert=alert,
    )


def _causes(incidents: Collection[int]) -> dict[int, Cause]:
    """The best explanation of each incident's newest report."""
    reports = StoredReport.objects.filter(investigation__incident__in=incidents)
    newest = reports.values("investigation__incident").annotate(newest=Max("pk")).values("newest")
    found = {}
    for kept in reports.filter(pk__in=newest, outcome="diagnosed").select_related("investigation"):
        try:
            best = Report.from_json(kept.content).hypotheses[0]
        except (msgspec.DecodeError, IndexError):  # of a version that wrote reports otherwise
            continue
        lines = tuple(command_line(command.argv) for command in best.commands[:MOST_COMMANDS])
        cause = Cause(best.summary, best.confidence, best.confidence_label, best.explanation, lines)
        found[kept.investigation.incident_id] = cause
    return found


def _alerts(incidents: Collection[int]) -> dict[int, str]:
    """What the first alert of each incident says beyond its title."""
    here = IncidentOccurrence.objects.filter(incident__in=incidents, left_at=None)
    firsts = here.values("incident").annotate(first=Min("pk")).values("first")
    rows = here.filter(pk__in=firsts).values_list("incident", "alert__title", "alert__description")
    return {number: clipped(said, LONGEST_ALERT) for number, title, said in rows if said.strip() != title.strip()}

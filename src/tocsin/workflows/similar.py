"""Incidents before that were like one, each with what they have in common, what it was and what ended it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.similarity import Shared, Similar, Tie, most_similar
from tocsin.incidents.statements import Statement, Topic
from tocsin.investigation.models import StoredReport

# Each part reads the newest few of an index, in the project of the incident alone: whoever sees one may see the others. A cause
# counts where it is what the newest report says, and is looked for in the newest reports alone.
_SHARED = """
WITH here AS (
    SELECT i.id, i.environment_id, i.subject_key, e.project_id FROM incidents_incident i
    JOIN catalog_environment e ON e.id = i.environment_id WHERE i.id = %(incident)s
), shared AS (
    SELECT other.* FROM here CROSS JOIN LATERAL (
        SELECT n.id, 'subject' AS tie, n.subject_key AS value FROM incidents_incident n
        WHERE n.environment_id = here.environment_id AND n.subject_key = here.subject_key AND n.id < here.id
        ORDER BY n.id DESC LIMIT 20
    ) other WHERE here.subject_key <> ''
    UNION ALL
    SELECT other.* FROM (
        SELECT slug FROM incidents_incidentservice WHERE incident_id = %(incident)s AND role <> 'needs it'
        ORDER BY slug LIMIT 10
    ) own CROSS JOIN LATERAL (
        SELECT s.incident_id, 'service', s.slug FROM incidents_incidentservice s
        WHERE s.slug = own.slug AND s.role <> 'needs it' AND s.incident_id < %(incident)s
        ORDER BY s.incident_id DESC LIMIT 20
    ) other
    UNION ALL
    SELECT other.* FROM (
        SELECT DISTINCT d.environment_id, d.configuration FROM incidents_incidentdeployment l
        JOIN deployments_deployment d ON d.id = l.deployment_id
        WHERE l.incident_id = %(incident)s AND l.role = 'failed' LIMIT 5
    ) own CROSS JOIN LATERAL (
        SELECT l.incident_id, 'configuration', r.configuration FROM (
            SELECT id, configuration FROM deployments_deployment d WHERE d.environment_id = own.environment_id
            AND d.configuration = own.configuration ORDER BY d.id DESC LIMIT 100
        ) r JOIN incidents_incidentdeployment l ON l.deployment_id = r.id AND l.role = 'failed'
    ) other
    UNION ALL
    SELECT v.incident_id, 'cause', r.cause FROM (
        SELECT investigation_id, cause FROM investigation_storedreport
        WHERE cause = %(cause)s AND cause <> '' ORDER BY id DESC LIMIT 100
    ) r JOIN investigation_investigation v ON v.id = r.investigation_id
    WHERE NOT EXISTS (
        SELECT FROM investigation_investigation later JOIN investigation_storedreport s ON s.investigation_id = later.id
        WHERE later.incident_id = v.incident_id AND later.ordinal > v.ordinal
    )
)
SELECT shared.id, tie, value FROM shared JOIN incidents_incident n ON n.id = shared.id
JOIN catalog_environment e ON e.id = n.environment_id JOIN here ON here.project_id = e.project_id
WHERE shared.id < %(incident)s
"""


@dataclass(frozen=True, slots=True)
class Precedent:
    """An incident that was like another. `was` is what it was, `ended_by` what ended it; each empty where nobody said."""

    incident: Incident
    similar: Similar
    was: str
    ended_by: str


def precedents(incident_id: int, cause: str) -> list[Precedent]:
    """The most similar incidents before; `cause` is what this one is diagnosed with, empty where it is not.

    One query where there is none, five where there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, {"incident": incident_id, "cause": cause})
        found = most_similar(Shared(number, Tie(tie), value) for number, tie, value in cursor.fetchall())
    if not found:
        return []
    numbers = [one.incident for one in found]
    rows = Incident.objects.select_related("environment").in_bulk(numbers)
    was, ended = _what_they_were(numbers), _what_ended_them(numbers)
    return [Precedent(rows[n], one, was.get(n, ""), ended.get(n, "")) for one in found if (n := one.incident) in rows]


def _what_they_were(numbers: Collection[int]) -> dict[int, str]:
    """The cause that a person confirmed, else what the newest report says."""
    reports = StoredReport.objects.filter(investigation__incident__in=numbers, outcome="diagnosed")
    told = dict(reports.order_by("investigation__ordinal").values_list("investigation__incident", "summary"))
    said = Statement.objects.filter(incident__in=numbers, topic=Topic.CAUSE).order_by("version")
    confirmed = dict(said.values_list("incident", "text"))
    return told | {number: text for number, text in confirmed.items() if text}


def _what_ended_them(numbers: Collection[int]) -> dict[int, str]:
    """The words with which each was resolved last."""
    ends = TimelineEntry.objects.filter(incident__in=numbers, kind="status", text__contains="→ resolved").order_by("id")
    return {number: text.partition(": ")[2] for number, text in ends.values_list("incident", "text")}

"""Incidents in the database, a batch at a time: the candidates for matching, and what a batch changes about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.incidents.batch import Entry, IncidentChanges, Link, Open, Opening
from tocsin.incidents.matching import Candidate
from tocsin.incidents.triage import Severity

Connection = AsyncConnection[tuple[Any, ...]]

# Locked, since a timer or a person might resolve one between this look and the write: what was decided must still hold.
# Those that ever held one of these alerts (the newest such incident of each), and the open ones about one of these subjects.
CANDIDATES = """
WITH of_alert AS (
    SELECT DISTINCT l.incident_id FROM unnest(%(alerts)s::bigint[]) AS a(id)
    CROSS JOIN LATERAL (
        SELECT incident_id FROM incidents_incidentoccurrence WHERE alert_id = a.id ORDER BY incident_id DESC LIMIT 1
    ) l
), of_subject AS (
    SELECT i.id AS incident_id FROM incidents_incident i
    JOIN jsonb_to_recordset(%(subjects)s::jsonb) AS s(environment_id bigint, subject_key text)
    ON i.environment_id = s.environment_id AND i.subject_key = s.subject_key
    WHERE i.resolved_at IS NULL AND i.closed_at IS NULL
)
SELECT i.id, i.environment_id, i.subject_key, i.severity, i.resolved_at, i.quiet_period, i.last_firing_at,
    i.quiet_since IS NULL, (i.resolved_at IS NULL AND i.closed_at IS NULL),
    (SELECT coalesce(jsonb_object_agg(f.alert_id, f.firings), '{}') FROM (
        SELECT l.alert_id, count(*) AS firings FROM incidents_incidentoccurrence l
        WHERE l.incident_id = i.id AND l.alert_id = ANY(%(alerts)s) GROUP BY l.alert_id) f)
FROM incidents_incident i WHERE i.id IN (SELECT incident_id FROM of_alert UNION SELECT incident_id FROM of_subject)
ORDER BY i.id FOR UPDATE OF i
"""


async def candidates(connection: Connection, alert_ids: list[int], subjects: set[tuple[int, str]]) -> list[Open]:
    """The incidents these alerts or subjects might belong to."""
    wanted = [{"environment_id": e, "subject_key": key} for e, key in subjects if key]
    parameters = {"alerts": alert_ids, "subjects": msgspec.json.encode(wanted).decode()}
    found = []
    async for row in await connection.execute(CANDIDATES, parameters):
        id_, environment, key, severity, resolved_at, quiet_period, last_firing_at, fires, is_open, firings = row
        counted = {int(alert): int(count) for alert, count in firings.items()}
        candidate = Candidate(
            id_, environment, key, frozenset(counted), is_open, fires, last_firing_at, resolved_at, quiet_period
        )
        found.append(Open(candidate, Severity(severity), counted))
    return found


# Open occurrences whose incident was resolved by people a quiet period ago or longer, although the alert still fires.
ABANDONED = """
SELECT l.occurrence_id FROM incidents_incidentoccurrence l JOIN incidents_incident i ON i.id = l.incident_id
WHERE l.occurrence_id = ANY(%s) AND coalesce(i.resolved_at, i.closed_at) + i.quiet_period < %s
"""


async def abandoned(connection: Connection, occurrence_ids: list[int], now: datetime) -> set[int]:
    """Which of these open occurrences nobody owns any more."""
    if not occurrence_ids:
        return set()
    return {row[0] async for row in await connection.execute(ABANDONED, [occurrence_ids, now])}


HOMES = """
SELECT l.occurrence_id, l.incident_id,
    (SELECT count(*) FROM incidents_incidentoccurrence m WHERE m.incident_id = l.incident_id AND m.alert_id = l.alert_id)
FROM incidents_incidentoccurrence l WHERE l.occurrence_id = ANY(%s)
"""


async def homes(connection: Connection, occurrence_ids: list[int]) -> dict[int, tuple[int, int]]:
    """For each of these occurrences: its incident, and how often its alert has fired in it."""
    if not occurrence_ids:
        return {}
    return {row[0]: (row[1], row[2]) async for row in await connection.execute(HOMES, [occurrence_ids])}


OPEN = """
INSERT INTO incidents_incident (id, environment_id, title, subject, subject_key, severity, severity_reason, status, analysis,
    resolution, recurrence_of_id, triggered_at, last_firing_at, quiet_period)
SELECT id, environment_id, title, subject, subject_key, severity, severity_reason, 'triggered', 'pending', '', recurrence_of,
    triggered_at, triggered_at, quiet_seconds * interval '1 second'
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, environment_id bigint, title text, subject jsonb, subject_key text,
    severity text, severity_reason text, recurrence_of bigint, triggered_at timestamptz, quiet_seconds double precision)
"""
LINK = """
INSERT INTO incidents_incidentoccurrence (incident_id, occurrence_id, alert_id, reason)
SELECT incident_id, occurrence_id, alert_id, reason
FROM jsonb_to_recordset(%s::jsonb) AS x(incident_id bigint, occurrence_id bigint, alert_id bigint, reason text)
"""
FIRED = "UPDATE incidents_incident SET quiet_since = NULL, last_firing_at = %s WHERE id = ANY(%s)"
RAISE = """
UPDATE incidents_incident i SET severity = x.severity, severity_reason = x.severity_reason
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, severity text, severity_reason text) WHERE i.id = x.id
"""
WRITE_ENTRIES = """
INSERT INTO incidents_timelineentry (incident_id, at, kind, actor, text, reference)
SELECT incident_id, at, kind, 'tocsin', text, reference
FROM jsonb_to_recordset(%s::jsonb) AS x(incident_id bigint, at timestamptz, kind text, text text, reference jsonb)
"""
# Quiet now: every occurrence of it has ended. A timer looks again when it has stayed so for its quiet period.
QUIETEN = """
WITH quiet AS (
    UPDATE incidents_incident i SET quiet_since = %(now)s
    WHERE i.resolved_at IS NULL AND i.closed_at IS NULL AND i.quiet_since IS NULL
    AND i.id IN (SELECT incident_id FROM incidents_incidentoccurrence WHERE occurrence_id = ANY(%(ended)s))
    AND NOT EXISTS (SELECT FROM incidents_incidentoccurrence l JOIN alerts_occurrence o ON o.id = l.occurrence_id
        WHERE l.incident_id = i.id AND o.ends_at IS NULL)
    RETURNING i.id, i.quiet_period
)
INSERT INTO ground_timer (kind, key, due_at) SELECT 'quiet', id::text, %(now)s + quiet_period FROM quiet
ON CONFLICT (kind, key) DO UPDATE SET due_at = EXCLUDED.due_at
"""
# One message a batch, for the pages that are open; longer than PostgreSQL's 8,000 bytes it would be refused.
TELL = "SELECT pg_notify('tocsin', %s)"
TOO_MANY_TO_NAME = 500


def _encoded(rows: list[dict[str, Any]]) -> list[str]:
    return [msgspec.json.encode(rows).decode()]


async def write_changes(connection: Connection, changes: IncidentChanges, now: datetime) -> None:
    """Writes what a batch changes about incidents; what is not concerned costs nothing."""
    if changes.opened:
        await connection.execute(OPEN, _encoded([_opening_row(o) for o in changes.opened]))
    if changes.links:
        await connection.execute(LINK, _encoded([_plain(link) for link in changes.links]))
        await connection.execute(FIRED, [now, sorted({link.incident_id for link in changes.links})])
    if changes.raised:
        raised = [{"id": i, "severity": t.severity, "severity_reason": t.reason} for i, t in changes.raised.items()]
        await connection.execute(RAISE, _encoded(raised))
    await write_entries(connection, changes.entries)
    if changes.ended:
        await connection.execute(QUIETEN, {"now": now, "ended": changes.ended})


async def write_entries(connection: Connection, entries: list[Entry]) -> None:
    """Writes lines of timelines."""
    if entries:
        await connection.execute(WRITE_ENTRIES, _encoded([_plain(entry) for entry in entries]))


async def tell_pages(connection: Connection, incident_ids: set[int]) -> None:
    """Lets open pages know, once for a batch, when it commits: those of these incidents, and all lists, even for none."""
    named = sorted(incident_ids) if len(incident_ids) <= TOO_MANY_TO_NAME else None
    await connection.execute(TELL, [msgspec.json.encode({"incidents": named}).decode()])


def _plain(value: Link | Entry) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _opening_row(opening: Opening) -> dict[str, Any]:
    return {
        "id": opening.id,
        "environment_id": opening.environment_id,
        "title": opening.title,
        "subject": opening.subject,
        "subject_key": opening.subject_key,
        "severity": opening.triage.severity,
        "severity_reason": opening.triage.reason,
        "recurrence_of": opening.recurrence_of,
        "triggered_at": opening.triggered_at,
        "quiet_seconds": opening.quiet_period.total_seconds(),
    }

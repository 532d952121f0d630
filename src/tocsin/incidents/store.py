"""Incidents in the database, a batch at a time: the candidates for matching, and what a batch changes about them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.incidents.batch import Entry, Fold, Home, IncidentChanges, Link, Open, Opening
from tocsin.incidents.matching import Candidate
from tocsin.incidents.relation import WINDOW, Traits
from tocsin.incidents.storms import TELL_EVERY, Pulse

Connection = AsyncConnection[tuple[Any, ...]]

# Locked, since a timer or a person might resolve one between this look and the write: what was decided must still hold.
# Those that ever held one of these alerts (the newest such incident of each), the open ones about one of these subjects, and
# of the newest open ones in which something fired lately those that have one of these keys in common.
CANDIDATES = """
WITH of_alert AS (
    SELECT DISTINCT l.incident_id FROM unnest(%(alerts)s::bigint[]) AS a(id)
    CROSS JOIN LATERAL (
        SELECT incident_id FROM incidents_incidentoccurrence WHERE alert_id = a.id AND left_at IS NULL
        ORDER BY incident_id DESC LIMIT 1
    ) l
), of_subject AS (
    SELECT i.id AS incident_id FROM incidents_incident i
    JOIN jsonb_to_recordset(%(subjects)s::jsonb) AS s(environment_id bigint, subject_key text)
    ON i.environment_id = s.environment_id AND i.subject_key = s.subject_key
    WHERE i.resolved_at IS NULL AND i.closed_at IS NULL
), asked AS (
    SELECT environment_id, ARRAY(SELECT jsonb_array_elements_text(keys)) AS keys
    FROM jsonb_to_recordset(%(asked)s::jsonb) AS x(environment_id bigint, keys jsonb)
), nearby AS (
    SELECT n.id AS incident_id FROM asked
    CROSS JOIN LATERAL (
        SELECT i.id, i.last_firing_at, i.traits FROM incidents_incident i
        WHERE i.environment_id = asked.environment_id AND i.resolved_at IS NULL AND i.closed_at IS NULL
        ORDER BY i.id DESC LIMIT %(nearby)s
    ) n WHERE n.last_firing_at >= %(since)s AND n.traits -> 'keys' ?| asked.keys
)
SELECT i.id, i.environment_id, i.subject_key, i.resolved_at, i.quiet_period, i.last_firing_at,
    i.quiet_since IS NULL, (i.resolved_at IS NULL AND i.closed_at IS NULL),
    (SELECT coalesce(jsonb_object_agg(f.alert_id, f.firings), '{}') FROM (
        SELECT l.alert_id, count(*) AS firings FROM incidents_incidentoccurrence l
        WHERE l.incident_id = i.id AND l.left_at IS NULL AND l.alert_id = ANY(%(alerts)s) GROUP BY l.alert_id) f),
    i.traits, i.triggered_at, i.status = 'triggered', i.pulse, i.held_by_id, i.title, i.subject
FROM incidents_incident i WHERE i.id IN (
    SELECT incident_id FROM of_alert UNION SELECT incident_id FROM of_subject UNION SELECT incident_id FROM nearby
)
ORDER BY i.id FOR NO KEY UPDATE OF i
"""
# So many of an environment's newest open incidents are looked at for something in common.
MOST_NEARBY = 200


async def candidates(
    connection: Connection,
    alert_ids: list[int],
    subjects: set[tuple[int, str]],
    keys: Mapping[int, Set[str]],
    now: datetime,
) -> list[Open]:
    """The incidents that these alerts, subjects (each with its environment), or keys by environment might belong to."""
    wanted = [{"environment_id": e, "subject_key": key} for e, key in subjects if key]
    parameters = {
        "alerts": alert_ids,
        "subjects": msgspec.json.encode(wanted).decode(),
        "asked": msgspec.json.encode([{"environment_id": e, "keys": sorted(of)} for e, of in keys.items()]).decode(),
        "nearby": MOST_NEARBY,
        "since": now - WINDOW,
    }
    return [_open(row) async for row in await connection.execute(CANDIDATES, parameters)]


def _open(row: tuple[Any, ...]) -> Open:
    id_, environment, key, resolved_at, quiet_period, last_firing_at, fires, is_open, firings = row[:9]
    traits, opened_at, is_untouched, pulse, held_by, title, subject = row[9:]
    counted = {int(alert): int(count) for alert, count in firings.items()}
    known = Traits(frozenset(traits.get("keys", ())), frozenset(traits.get("words", ())))
    candidate = Candidate(
        *(id_, environment, key, frozenset(counted), is_open, fires, last_firing_at, resolved_at, quiet_period),
        *(known, opened_at, is_untouched),
    )
    return Open(candidate, counted, msgspec.convert(pulse, Pulse), held_by, title, subject)


# Open occurrences whose incident was resolved by people a quiet period ago or longer, although the alert still fires.
ABANDONED = """
SELECT l.occurrence_id FROM incidents_incidentoccurrence l JOIN incidents_incident i ON i.id = l.incident_id
WHERE l.occurrence_id = ANY(%s) AND l.left_at IS NULL AND coalesce(i.resolved_at, i.closed_at) + i.quiet_period < %s
"""


async def abandoned(connection: Connection, occurrence_ids: list[int], now: datetime) -> set[int]:
    """Which of these open occurrences nobody owns any more."""
    if not occurrence_ids:
        return set()
    return {row[0] async for row in await connection.execute(ABANDONED, [occurrence_ids, now])}


HOMES = """
SELECT l.occurrence_id, l.incident_id, (i.pulse ->> 'storm_at')::timestamptz,
    (SELECT count(*) FROM incidents_incidentoccurrence m
        WHERE m.incident_id = l.incident_id AND m.alert_id = l.alert_id AND m.left_at IS NULL)
FROM incidents_incidentoccurrence l JOIN incidents_incident i ON i.id = l.incident_id
WHERE l.occurrence_id = ANY(%s) AND l.left_at IS NULL
"""


async def homes(connection: Connection, occurrence_ids: list[int], now: datetime) -> dict[int, Home]:
    """Where each of these occurrences belongs; those that nobody's incident has are left out."""
    if not occurrence_ids:
        return {}
    found = {}
    async for occurrence, incident, storm_at, firings in await connection.execute(HOMES, [occurrence_ids]):
        found[occurrence] = Home(incident, firings, Pulse(storm_at=storm_at).is_storm(now))
    return found


OPEN = """
INSERT INTO incidents_incident (id, environment_id, title, subject, subject_key, severity, severity_reason, status, analysis,
    resolution, recurrence_of_id, triggered_at, last_firing_at, quiet_period, traits, pulse, held_by_id, held_until, opened_by)
SELECT id, environment_id, title, subject, subject_key, severity, severity_reason, 'triggered', 'pending', '', recurrence_of,
    triggered_at, triggered_at, quiet_seconds * interval '1 second', traits, '{}', held_by, held_until,
    coalesce(nullif(run_trigger, ''), (SELECT kind FROM catalog_source WHERE id = source_id), '')
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, environment_id bigint, title text, subject jsonb, subject_key text,
    severity text, severity_reason text, recurrence_of bigint, triggered_at timestamptz, quiet_seconds double precision,
    traits jsonb, held_by bigint, held_until timestamptz, source_id bigint, run_trigger text)
"""
LINK = """
INSERT INTO incidents_incidentoccurrence (incident_id, occurrence_id, alert_id, reason)
SELECT incident_id, occurrence_id, alert_id, reason
FROM jsonb_to_recordset(%s::jsonb) AS x(incident_id bigint, occurrence_id bigint, alert_id bigint, reason text)
"""
# What is not said of an incident stays as it is.
FIRED = """
UPDATE incidents_incident i SET quiet_since = NULL, last_firing_at = %s, pulse = coalesce(x.pulse, i.pulse),
    traits = coalesce(x.traits, i.traits), title = coalesce(x.title, i.title), subject = coalesce(x.subject, i.subject),
    held_until = CASE WHEN x.released THEN NULL ELSE i.held_until END,
    held_by_id = CASE WHEN x.released THEN NULL ELSE i.held_by_id END
FROM jsonb_to_recordset(%s::jsonb)
AS x(id bigint, pulse jsonb, traits jsonb, title text, subject jsonb, released boolean) WHERE i.id = x.id
"""
FOLD_OCCURRENCES = """
WITH fold AS (SELECT * FROM jsonb_to_recordset(%(folds)s::jsonb) AS x(incident_id bigint, into_id bigint, reason text)),
moved AS (
    UPDATE incidents_incidentoccurrence l SET left_at = %(now)s FROM fold WHERE l.incident_id = fold.incident_id
    AND l.left_at IS NULL RETURNING l.incident_id, l.occurrence_id, l.alert_id
)
INSERT INTO incidents_incidentoccurrence (incident_id, occurrence_id, alert_id, reason, moved_from_id)
SELECT fold.into_id, moved.occurrence_id, moved.alert_id, fold.reason, fold.incident_id FROM moved JOIN fold USING (incident_id)
"""
FOLD_INCIDENTS = """
UPDATE incidents_incident i SET status = 'resolved', resolution = 'duplicate', resolved_at = %(now)s, merged_into_id = x.into_id
FROM jsonb_to_recordset(%(folds)s::jsonb) AS x(incident_id bigint, into_id bigint) WHERE i.id = x.incident_id
"""
ACKNOWLEDGE = """
WITH taken AS (
    UPDATE incidents_incident i SET status = 'acknowledged', acknowledged_at = %(now)s
    FROM jsonb_to_recordset(%(taken)s::jsonb) AS x(id bigint, actor text)
    WHERE i.id = x.id AND i.status = 'triggered' RETURNING i.id, x.actor
)
INSERT INTO incidents_timelineentry (incident_id, at, kind, actor, text, reference)
SELECT id, %(now)s, 'status', actor, 'triggered → acknowledged: somebody has taken it on there.',
    '{"was": "triggered", "to": "acknowledged"}' FROM taken
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
    AND i.id IN (SELECT incident_id FROM incidents_incidentoccurrence WHERE occurrence_id = ANY(%(ended)s) AND left_at IS NULL)
    AND NOT EXISTS (SELECT FROM incidents_incidentoccurrence l JOIN alerts_occurrence o ON o.id = l.occurrence_id
        WHERE l.incident_id = i.id AND l.left_at IS NULL AND o.ends_at IS NULL)
    RETURNING i.id, i.quiet_period
)
INSERT INTO ground_timer (kind, key, due_at) SELECT 'quiet', id::text, %(now)s + quiet_period FROM quiet
ON CONFLICT (kind, key) DO UPDATE SET due_at = EXCLUDED.due_at
"""
# A timer looks each minute after an incident in a storm.
WATCH_STORMS = """
INSERT INTO ground_timer (kind, key, due_at) SELECT 'storm', id::text, %s FROM unnest(%s::bigint[]) AS x(id)
ON CONFLICT (kind, key) DO NOTHING
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
        await connection.execute(FIRED, [now, *_encoded(_fired_rows(changes))])
    stormy = [id_ for id_, pulse in changes.pulses.items() if pulse.storm_at == now]
    if stormy:
        await connection.execute(WATCH_STORMS, [now + TELL_EVERY, stormy])
    if changes.folds:
        folds = {"folds": _encoded([_plain(fold) for fold in changes.folds])[0], "now": now}
        await connection.execute(FOLD_OCCURRENCES, folds)
        await connection.execute(FOLD_INCIDENTS, folds)
    if changes.acknowledged:
        taken = [{"id": id_, "actor": actor} for id_, actor in changes.acknowledged.items()]
        await connection.execute(ACKNOWLEDGE, {"taken": _encoded(taken)[0], "now": now})
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


def _fired_rows(changes: IncidentChanges) -> list[dict[str, Any]]:
    """What becomes of each incident that a firing is linked to."""
    rows = []
    for id_ in sorted({link.incident_id for link in changes.links}):
        row: dict[str, Any] = {"id": id_, "released": id_ in changes.released}
        if id_ in changes.pulses:
            row["pulse"] = changes.pulses[id_]
        if id_ in changes.traits:
            row["traits"] = _traits_row(changes.traits[id_])
        if id_ in changes.renamed:
            row["title"], row["subject"] = changes.renamed[id_]
        rows.append(row)
    return rows


def _traits_row(traits: Traits) -> dict[str, list[str]]:
    return {"keys": sorted(traits.keys), "words": sorted(traits.words)}


def _plain(value: Link | Entry | Fold) -> dict[str, Any]:
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
        "traits": _traits_row(opening.traits),
        "held_by": opening.hold.silence_id if opening.hold else None,
        "held_until": opening.hold.until if opening.hold else None,
        "source_id": opening.source_id,
        "run_trigger": opening.run_trigger,
    }

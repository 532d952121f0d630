"""Alerts in the database, a batch at a time: what is known of them, and what has changed.

Every batch goes in as one JSON parameter read by `jsonb_to_recordset`: a hundred rows cost little more than one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.alerts.firing import AlertChanges, Known, Report, StoredAlert
from tocsin.alerts.grouping import content, fingerprint, subject

Connection = AsyncConnection[tuple[Any, ...]]
# Which of the two-number advisory locks these are; the second number is the environment.
INGEST_LOCK = 7231


async def lock_environments(connection: Connection, environment_ids: set[int]) -> None:
    """Keeps other batches out of these environments until commit; always in the same order, so that none waits in a circle."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id ORDER BY id",
        [INGEST_LOCK, sorted(environment_ids)],
    )


NEW_IDS = """
SELECT coalesce(jsonb_object_agg(t.name, t.ids), '{}') FROM (
    SELECT name, jsonb_agg(nextval(sequence)) AS ids FROM (
        SELECT name, count, pg_get_serial_sequence(name, 'id')::regclass AS sequence
        FROM unnest(%s::text[], %s::int[]) AS asked(name, count) OFFSET 0  -- looked up once a table, not once a row
    ) wanted CROSS JOIN generate_series(1, wanted.count) GROUP BY name
) t
"""


async def new_ids(connection: Connection, **counts: int) -> dict[str, list[int]]:
    """Fresh ids by table name, in one trip, so that rows can refer to each other before they are written."""
    row = await (await connection.execute(NEW_IDS, [list(counts), list(counts.values())])).fetchone()
    assert row is not None
    return {table: row[0].get(table, []) for table in counts}


KNOWN = """
SELECT a.id, a.environment_id, a.fingerprint, a.source_id, o.id, o.starts_at, o.ends_at, o.is_trial, a.content
FROM jsonb_to_recordset(%s::jsonb) AS x(environment_id bigint, fingerprint text)
JOIN alerts_alert a ON a.environment_id = x.environment_id AND a.fingerprint = x.fingerprint
LEFT JOIN LATERAL (
    SELECT id, starts_at, ends_at, is_trial FROM alerts_occurrence WHERE alert_id = a.id ORDER BY starts_at DESC LIMIT 1
) o ON true
"""


async def known_alerts(connection: Connection, keys: set[tuple[int, str]]) -> dict[tuple[int, str], StoredAlert]:
    """What the database knows of alerts, by (environment, fingerprint)."""
    wanted = msgspec.json.encode([{"environment_id": e, "fingerprint": f} for e, f in keys]).decode()
    found = {}
    async for row in await connection.execute(KNOWN, [wanted]):
        alert_id, environment, print_, source, occurrence, starts_at, ends_at, is_trial, told = row
        is_open = occurrence is not None and ends_at is None
        known = Known(starts_at if is_open else None, starts_at)
        found[environment, print_] = StoredAlert(
            *(alert_id, environment, source, print_, known, occurrence if is_open else None),
            is_trial=is_open and is_trial,
            content=told,
        )
    return found


Keyed = list[tuple[tuple[int, str], Report]]


def keyed(reports: list[Report]) -> Keyed:
    """Each report with the key of its alert: environment and fingerprint."""
    return [((r.environment_id, fingerprint(r.source_kind, r.parsed.identity)), r) for r in reports]


async def take_reports(
    connection: Connection, keyed: Keyed, known: dict[tuple[int, str], StoredAlert], abandoned: set[int], now: datetime
) -> AlertChanges:
    """What a batch of reports changes, in their order. Hands out ids, writes nothing.

    `known` are the alerts the database has; `abandoned` those of their open occurrences that nobody owns any more.
    """
    times = Counter(key for key, _ in keyed)
    fresh = times.keys() - known.keys()
    firing = {key for key, alert in known.items() if alert.open_occurrence not in {None, *abandoned}}
    may_begin = sum(r.parsed.firing and (key not in firing or times[key] > 1 or r.parsed.is_event) for key, r in keyed)
    ids = await new_ids(connection, alerts_alert=len(fresh), alerts_occurrence=may_begin)
    occurrence_ids = iter(ids["alerts_occurrence"])
    changes = AlertChanges()
    for left in known.values():
        if left.open_occurrence in abandoned:
            changes.abandon(left, now)
    for key, report in keyed:
        alert = known.setdefault(key, StoredAlert(0, key[0], report.source_id, key[1], Known()))
        alert.id = alert.id or ids["alerts_alert"].pop()
        changes.alerts[key] = alert
        changes.apply(alert, report, occurrence_ids)
    return changes


WRITE_SIGNALS = """
INSERT INTO alerts_signal (id, source_id, received_at, body, sealed_body, error, delivery, is_test)
SELECT id, source_id, received_at, body, decode(sealed_body, 'base64'), error, delivery, is_test
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, source_id bigint, received_at timestamptz, body text,
    sealed_body text, error text, delivery text, is_test boolean)
"""
WRITE_ALERTS = """
INSERT INTO alerts_alert AS a (id, environment_id, source_id, fingerprint, title, description, severity,
    labels, annotations, links, subject, content, firing, began_at, expires_at, reports, first_seen, last_seen)
SELECT id, environment_id, source_id, fingerprint, title, description, severity,
    labels, annotations, links, subject, content, firing, began_at, expires_at, reports, seen_at, seen_at
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, environment_id bigint, source_id bigint, fingerprint text, title text,
    description text, severity text, labels jsonb, annotations jsonb, links jsonb, subject jsonb, content bigint, firing boolean,
    began_at timestamptz, expires_at timestamptz, reports bigint, seen_at timestamptz)
ON CONFLICT (environment_id, fingerprint) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
    severity = EXCLUDED.severity, labels = EXCLUDED.labels, annotations = EXCLUDED.annotations, links = EXCLUDED.links,
    subject = EXCLUDED.subject, content = EXCLUDED.content, firing = EXCLUDED.firing, last_seen = EXCLUDED.last_seen,
    source_id = EXCLUDED.source_id, began_at = coalesce(EXCLUDED.began_at, a.began_at), expires_at = EXCLUDED.expires_at,
    reports = a.reports + EXCLUDED.reports
"""
WRITE_STATES = """
UPDATE alerts_alert a SET firing = x.firing, last_seen = coalesce(x.seen_at, a.last_seen),
    source_id = x.source_id, reports = a.reports + x.reports, began_at = coalesce(x.began_at, a.began_at),
    expires_at = x.expires_at
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, source_id bigint, firing boolean, began_at timestamptz,
    expires_at timestamptz, reports bigint, seen_at timestamptz) WHERE a.id = x.id
"""
END_OCCURRENCES = """
UPDATE alerts_occurrence o SET ends_at = x.ends_at
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, ends_at timestamptz) WHERE o.id = x.id
"""
BEGIN_OCCURRENCES = """
INSERT INTO alerts_occurrence (id, alert_id, signal_id, starts_at, ends_at, is_trial, is_event)
SELECT id, alert_id, signal_id, starts_at, ends_at, is_trial, is_event
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, alert_id bigint, signal_id bigint, starts_at timestamptz,
    ends_at timestamptz, is_trial boolean, is_event boolean)
"""


# Something fires that holds only until a time: from then on `expiry` looks.
WATCH_EXPIRY = """
INSERT INTO ground_timer (kind, key, due_at) VALUES ('expiry', '', %s) ON CONFLICT (kind, key) DO NOTHING
"""


async def write_signals(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keeps raw signals."""
    await connection.execute(WRITE_SIGNALS, [msgspec.json.encode(rows).decode()])


async def write_changes(connection: Connection, changes: AlertChanges, on_trial: Set[int] = frozenset()) -> None:
    """Writes what `take_reports` found. Occurrences that began and ended within the batch are written ended.

    `on_trial` are the signals from which nothing follows.
    """
    told, states = [], []
    for alert in changes.alerts.values():
        assert alert.report is not None
        if alert.seen_at is not None and alert.report.title and (newest := content(alert.report)) != alert.content:
            told.append(_state_row(alert) | _told_row(alert, newest))
        else:
            states.append(_state_row(alert))
    if told:
        await connection.execute(WRITE_ALERTS, [msgspec.json.encode(told).decode()])
    if states:
        await connection.execute(WRITE_STATES, [msgspec.json.encode(states).decode()])
    new = changes.new_occurrences
    ended = [{"id": o, "ends_at": at} for o, at in changes.ended.items() if o not in new]
    if ended:
        await connection.execute(END_OCCURRENCES, [msgspec.json.encode(ended).decode()])
    if changes.began:
        new_rows = [
            {
                "id": began.occurrence_id,
                "alert_id": began.alert.id,
                "signal_id": began.signal_id,
                "starts_at": began.starts_at,
                "ends_at": changes.ended.get(began.occurrence_id),
                "is_trial": began.signal_id in on_trial,
                "is_event": began.report.is_event,
            }
            for began in changes.began
        ]
        if expiring := [began.report.expires_at for began in changes.began if began.report.expires_at is not None]:
            await connection.execute(WATCH_EXPIRY, [min(expiring)])
        await connection.execute(BEGIN_OCCURRENCES, [msgspec.json.encode(new_rows).decode()])


def _state_row(alert: StoredAlert) -> dict[str, Any]:
    """How an alert stands: what each report may change."""
    report = alert.report
    assert report is not None
    return {
        "id": alert.id,
        "source_id": alert.source_id,
        "firing": alert.open_occurrence is not None,
        "began_at": alert.began_at,
        "expires_at": report.expires_at if alert.open_occurrence is not None else None,
        "reports": alert.reports,
        "seen_at": alert.seen_at,
    }


def _told_row(alert: StoredAlert, told: int) -> dict[str, Any]:
    """What an alert says of itself, which most reports only repeat."""
    report = alert.report
    assert report is not None
    return {
        "environment_id": alert.environment_id,
        "fingerprint": alert.fingerprint,
        "title": report.title,
        "description": report.description,
        "severity": report.severity,
        "labels": report.labels,
        "annotations": report.annotations,
        "links": report.links,
        "subject": subject(report.labels),
        "content": told,
    }

"""What people called over while its alerts still fire: after the quiet period somebody owns them again.

A sender that repeats itself would bring them back too (see `incidents.store.abandoned`), but many do so after hours, or never.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from tocsin.alerts import store as alert_store
from tocsin.alerts.firing import Report
from tocsin.alerts.parsed import ParsedAlert
from tocsin.alerts.store import Keyed
from tocsin.ground.database import conninfo
from tocsin.workflows.following import Origins, follow
from tocsin.workflows.ingest import WAIT_AT_MOST
from tocsin.workflows.memory import Connection, Memory

MOST_AT_ONCE = 500
# Events happened: that one is not over says nothing, and what people decided of it holds.
STILL_FIRING = """
SELECT a.environment_id, e.kind, a.fingerprint, a.source_id, s.kind, s.name, o.signal_id, i.quiet_period, a.title, a.description,
    a.severity, a.labels, a.annotations, a.links, a.expires_at
FROM incidents_incidentoccurrence l JOIN incidents_incident i ON i.id = l.incident_id
JOIN alerts_occurrence o ON o.id = l.occurrence_id AND o.ends_at IS NULL AND NOT o.is_event AND NOT o.is_trial
JOIN alerts_alert a ON a.id = o.alert_id JOIN catalog_source s ON s.id = a.source_id
JOIN catalog_environment e ON e.id = a.environment_id
WHERE l.incident_id = %s AND l.left_at IS NULL AND coalesce(i.resolved_at, i.closed_at) + i.quiet_period < %s
ORDER BY o.id LIMIT %s
"""


def look(incident_id: int, now: datetime) -> None:
    """The timer's action, in transactions of its own: whatever of the incident still fires finds an incident as if it was new."""
    asyncio.run(_look(incident_id, now))


async def _look(incident_id: int, now: datetime) -> None:
    async with await AsyncConnection.connect(conninfo(), autocommit=True) as connection:
        while await _take_up(connection, incident_id, now) == MOST_AT_ONCE:
            pass


async def _take_up(connection: Connection, incident_id: int, now: datetime) -> int:
    """How many were taken up, at most `MOST_AT_ONCE`."""
    async with connection.transaction():
        await connection.execute(WAIT_AT_MOST)
        environments = "SELECT environment_id FROM incidents_incident WHERE id = %s"
        await alert_store.lock_environments(
            connection, {row[0] async for row in await connection.execute(environments, [incident_id])}
        )
        rows = await (await connection.execute(STILL_FIRING, [incident_id, now, MOST_AT_ONCE])).fetchall()
        if rows:
            origins = Origins({row[0]: row[1] for row in rows}, {row[3]: row[5] or row[4] for row in rows})
            quiet: timedelta = rows[0][7]
            await follow(connection, _reminders(rows, now), origins, quiet, Memory())
    return len(rows)


def _reminders(rows: list[tuple[Any, ...]], now: datetime) -> Keyed:
    """Each alert as it was last reported, again, and not counted as the sender's word."""
    found: Keyed = []
    for environment, _, fingerprint, source, kind, _, signal, _, *told, expires_at in rows:
        title, description, severity, labels, annotations, links = told
        alert = ParsedAlert(
            identity=fingerprint,
            title=title,
            firing=True,
            description=description,
            severity=severity,
            labels=labels,
            annotations=annotations,
            links=links,
            expires_at=expires_at,
        )
        report = Report(environment, source, kind, signal, now, alert, is_reminder=True)
        found.append(((environment, fingerprint), report))
    return found

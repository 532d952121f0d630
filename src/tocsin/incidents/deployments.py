"""Which incidents runs of infrastructure tools belong to: they failed in one, or went well since and offer to resolve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.incidents.batch import Entry

Connection = AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """A run that is kept now, with the alert that it fired or ended."""

    deployment_id: int
    signal_id: int
    environment_id: int
    fingerprint: str


LINK_FAILED = """
INSERT INTO incidents_incidentdeployment (incident_id, deployment_id, role)
SELECT DISTINCT l.incident_id, x.deployment_id, 'failed'
FROM jsonb_to_recordset(%s::jsonb) AS x(deployment_id bigint, signal_id bigint, environment_id bigint, fingerprint text)
JOIN alerts_alert a ON a.environment_id = x.environment_id AND a.fingerprint = x.fingerprint
JOIN alerts_occurrence o ON o.alert_id = a.id AND o.signal_id = x.signal_id
JOIN incidents_incidentoccurrence l ON l.occurrence_id = o.id AND l.left_at IS NULL
ON CONFLICT DO NOTHING RETURNING incident_id, deployment_id
"""
# Open incidents in which the alert that this run ended was the last to be heard of its configuration.
LINK_SUCCEEDED = """
INSERT INTO incidents_incidentdeployment (incident_id, deployment_id, role)
SELECT DISTINCT i.id, x.deployment_id, 'succeeded since'
FROM jsonb_to_recordset(%s::jsonb) AS x(deployment_id bigint, environment_id bigint, fingerprint text)
JOIN alerts_alert a ON a.environment_id = x.environment_id AND a.fingerprint = x.fingerprint
JOIN incidents_incidentoccurrence l ON l.alert_id = a.id AND l.left_at IS NULL
JOIN incidents_incident i ON i.id = l.incident_id AND i.resolved_at IS NULL AND i.closed_at IS NULL
WHERE NOT a.firing
ON CONFLICT DO NOTHING RETURNING incident_id, deployment_id
"""


async def link_failed(connection: Connection, told: list[Told]) -> list[tuple[int, int]]:
    """Incident and deployment for each run that opened or joined one."""
    return await _link(connection, LINK_FAILED, told)


async def link_succeeded(connection: Connection, told: list[Told]) -> list[tuple[int, int]]:
    """Incident and deployment for each run that says an open incident may be over."""
    return await _link(connection, LINK_SUCCEEDED, told)


async def _link(connection: Connection, query: str, told: list[Told]) -> list[tuple[int, int]]:
    if not told:
        return []
    rows = [{name: getattr(one, name) for name in Told.__slots__} for one in told]
    answer = await connection.execute(query, [msgspec.json.encode(rows).decode()])
    return [(int(row[0]), int(row[1])) async for row in answer]


def offer(incident_id: int, deployment_id: int, what: str, now: datetime) -> Entry:
    """The timeline's line for a run that went well since."""
    text = f"{what} went well since. If that was all, this incident can be resolved."
    return Entry(incident_id, now, "deployment", text, {"deployment": deployment_id})

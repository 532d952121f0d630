"""Investigations asked for by the batch that opens incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

REQUEST = """
INSERT INTO investigation_investigation (incident_id, ordinal, requested_by, requested_at, attempts, error)
SELECT id, 1, 'tocsin', %s, 0, '' FROM unnest(%s::bigint[]) AS id
"""


# Where one waits to begin it will see all that is there by then.
REQUEST_ANOTHER = """
WITH asked AS (
    INSERT INTO investigation_investigation (incident_id, ordinal, requested_by, requested_at, attempts, error)
    SELECT id, 1 + (SELECT coalesce(max(ordinal), 0) FROM investigation_investigation v WHERE v.incident_id = w.id),
        'tocsin', %(now)s, 0, ''
    FROM unnest(%(incidents)s::bigint[]) AS w(id)
    WHERE NOT EXISTS (
        SELECT FROM investigation_investigation v
        WHERE v.incident_id = w.id AND v.started_at IS NULL AND v.finished_at IS NULL
    )
    RETURNING incident_id, ordinal
), pending AS (
    UPDATE incidents_incident SET analysis = 'pending' WHERE id IN (SELECT incident_id FROM asked)
)
SELECT incident_id, ordinal FROM asked
"""


async def request_another(
    connection: AsyncConnection[tuple[Any, ...]], incident_ids: list[int], now: datetime
) -> list[tuple[int, int]]:
    """Another investigation of each of these incidents that has none waiting; incident and ordinal of those asked for."""
    answer = await connection.execute(REQUEST_ANOTHER, {"incidents": incident_ids, "now": now})
    return [(int(row[0]), int(row[1])) async for row in answer]


async def request_first(connection: AsyncConnection[tuple[Any, ...]], incident_ids: list[int], now: datetime) -> None:
    """The first investigation of each of these new incidents."""
    await connection.execute(REQUEST, [now, incident_ids])

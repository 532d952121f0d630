"""Investigations asked for by the batch that opens incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

REQUEST = """
INSERT INTO investigation_investigation (incident_id, ordinal, requested_by, requested_at, attempts, error)
SELECT id, 1, 'tocsin', %s, 0, '' FROM unnest(%s::bigint[]) AS id
"""


async def request_first(connection: AsyncConnection[tuple[Any, ...]], incident_ids: list[int], now: datetime) -> None:
    """The first investigation of each of these new incidents."""
    await connection.execute(REQUEST, [now, incident_ids])

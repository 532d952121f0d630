"""Gathers what decisions about alerts may know of their environments: once a batch, and what seldom changes less often."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from tocsin.alerts.silencing import Silence, parse_matchers
from tocsin.catalog.directory import Directory
from tocsin.catalog.store import load_directory
from tocsin.incidents.relation import Pairs
from tocsin.incidents.storms import Rate
from tocsin.workflows.surroundings import Surroundings

Connection = AsyncConnection[tuple[Any, ...]]
# How long the catalogue, and what people taught, are believed without asking again.
REMEMBERED_S = 10.0
MOST_PAIRS = 2000


class Memory:
    """Directories and learnt pairs of environments, kept for a while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[int, tuple[float, Directory, Pairs]] = {}

    async def of(self, connection: Connection, environment_id: int) -> tuple[Directory, Pairs]:
        """The directory and the learnt pairs of an environment."""
        now = self._clock()
        known = self._known.get(environment_id)
        if known is None or now - known[0] >= REMEMBERED_S:
            directory = await load_directory(connection, environment_id)
            known = (now, directory, await _load_pairs(connection, environment_id))
            self._known[environment_id] = known
        return known[1], known[2]


PAIRS = """
SELECT one, other, is_together FROM incidents_learntpair WHERE environment_id = %s ORDER BY id DESC LIMIT %s
"""


async def _load_pairs(connection: Connection, environment_id: int) -> Pairs:
    together: dict[str, set[str]] = defaultdict(set)
    apart: dict[str, set[str]] = defaultdict(set)
    async for one, other, is_together in await connection.execute(PAIRS, [environment_id, MOST_PAIRS]):
        side = together if is_together else apart
        side[one].add(other)
        side[other].add(one)
    return Pairs(together, apart)


NOW = """
SELECT (
    SELECT coalesce(jsonb_object_agg(environment_id, jsonb_build_array(usual, minute, count)), '{}') FROM alerts_arrivalrate
    WHERE environment_id = ANY(%(environments)s)
), (
    SELECT coalesce(jsonb_agg(jsonb_build_array(id, environment_id, matchers, active_until, reason, is_trial) ORDER BY id), '[]')
    FROM alerts_silence WHERE active_until > %(now)s AND active_from <= %(now)s AND ended_at IS NULL
    AND (environment_id IS NULL OR environment_id = ANY(%(environments)s))
)
"""


async def surroundings_of(
    connection: Connection, kinds: Mapping[int, str], sources: Mapping[int, str], now: datetime, memory: Memory
) -> dict[int, Surroundings]:
    """Each environment's surroundings at `now`. `kinds` are those of the environments, `sources` the names of the senders."""
    answer = await connection.execute(NOW, {"environments": list(kinds), "now": now})
    row = await answer.fetchone()
    assert row is not None
    silences = tuple(_silence(one) for one in row[1])
    found = {}
    for environment, kind in kinds.items():
        directory, pairs = await memory.of(connection, environment)
        rate = row[0].get(str(environment))
        usual = Rate(rate[0], datetime.fromisoformat(rate[1]), rate[2]) if rate else Rate()
        found[environment] = Surroundings(kind, directory, pairs, silences, usual, sources)
    return found


def _silence(row: list[Any]) -> Silence:
    id_, environment, matchers, until, reason, is_trial = row
    return Silence(id_, environment, parse_matchers(matchers), datetime.fromisoformat(until), reason, is_trial)


KEEP_RATES = """
INSERT INTO alerts_arrivalrate (environment_id, usual, minute, count)
SELECT id, usual, minute, count
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, usual double precision, minute timestamptz, count int)
ON CONFLICT (environment_id) DO UPDATE SET usual = EXCLUDED.usual, minute = EXCLUDED.minute, count = EXCLUDED.count
"""


async def keep_rates(connection: Connection, rates: Mapping[int, Rate]) -> None:
    """Writes how many firings came in."""
    rows = [{"id": i, "usual": r.usual, "minute": r.minute, "count": r.count} for i, r in rates.items()]
    await connection.execute(KEEP_RATES, [msgspec.json.encode(rows).decode()])

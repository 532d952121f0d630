"""How much a source may send: a token bucket each, a minute deep, in this process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg_pool import AsyncConnectionPool

from tocsin.web.hooks.database import RETRY_AFTER_S
from tocsin.workflows.ingest import Connection

COUNT = """
INSERT INTO catalog_heldback AS h (source_id, hour, requests)
SELECT x.source_id, x.hour, x.requests
FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[]) AS x(source_id, hour, requests)
JOIN catalog_source s ON s.id = x.source_id
ON CONFLICT (source_id, hour) DO UPDATE SET requests = h.requests + EXCLUDED.requests
"""


@dataclass(slots=True)
class _Bucket:
    """What a source may still send now; filled again as time passes."""

    tokens: float
    filled_at: float


class Limits:
    """The buckets of all sources, and how many requests were held back since that was last written down."""

    def __init__(self) -> None:
        self._buckets: dict[int, _Bucket] = {}
        self._held_back: Counter[tuple[int, datetime]] = Counter()

    def wait(self, source: int, per_minute: int, now: float) -> float:
        """0 where one more request may come in, which then is counted; else after how many seconds the next may.

        `now` in seconds of any clock that only goes forward; `per_minute` 0 is without limit.
        """
        if per_minute <= 0:
            return 0.0
        bucket = self._buckets.setdefault(source, _Bucket(per_minute, now))
        rate = per_minute / 60
        bucket.tokens = min(per_minute, bucket.tokens + (now - bucket.filled_at) * rate)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / rate
        bucket.tokens -= 1
        return 0.0

    def hold_back(self, source: int, now: datetime) -> None:
        """Counts a request that was turned away."""
        self._held_back[source, now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)] += 1

    async def write_down(self, pool: AsyncConnectionPool[Connection]) -> None:
        """Adds what was held back to the database's count. Raises its error, and keeps the counts for the next time."""
        if not self._held_back:
            return
        counted = self._held_back.copy()
        sources, hours = zip(*counted, strict=True)
        async with pool.connection(timeout=RETRY_AFTER_S) as connection:
            await connection.execute(COUNT, [list(sources), list(hours), list(counted.values())])
        self._held_back -= counted

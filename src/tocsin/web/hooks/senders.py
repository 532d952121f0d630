"""Who a token belongs to: sources as the hooks see them, remembered for a few seconds."""

from __future__ import annotations

import time

from psycopg_pool import AsyncConnectionPool

from tocsin.catalog.models import token_hash
from tocsin.web.hooks.database import RETRY_AFTER_S
from tocsin.workflows.ingest import Connection, Sender

# How long a source's row is believed without asking again; a revoked source is refused after at most this long.
REMEMBER_S = 5.0
# Guesses must not fill the memory.
MOST_REMEMBERED = 10_000

SENDER = """
SELECT s.id, s.kind, e.id, e.kind, s.signing_key, e.slug FROM catalog_source s
JOIN catalog_environment e ON e.id = s.environment_id
WHERE s.token_hash = %s AND s.revoked_at IS NULL
"""


class Senders:
    """The sources of an installation, by token."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
        self._seen: dict[str, tuple[float, Sender | None]] = {}

    async def by_token(self, token: str) -> Sender | None:
        """The source; None for a token that nobody has. Looked up by hash: no comparison depends on the token's content."""
        hashed, now = token_hash(token), time.monotonic()
        known = self._seen.get(hashed)
        if known is not None and now - known[0] < REMEMBER_S:
            return known[1]
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            row = await (await connection.execute(SENDER, [hashed])).fetchone()
        sender = Sender(*row) if row else None
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[hashed] = (now, sender)
        return sender

"""Who a token belongs to: sources as the hooks see them, remembered for a few seconds."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

import msgspec
from psycopg_pool import AsyncConnectionPool

from tocsin.alerts.mapping import Reader, Rules, reader
from tocsin.ground.secrets import Unreadable, token_hash, unseal
from tocsin.web.hooks.answers import Refused
from tocsin.web.hooks.database import RETRY_AFTER_S
from tocsin.workflows.ingest import Connection, Sender

log = logging.getLogger(__name__)

# How long a source's row is believed without asking again; a revoked source is refused after at most this long.
REMEMBER_S = 5.0
# Guesses must not fill the memory.
MOST_REMEMBERED = 10_000

REGISTERED = """
SELECT s.id, s.kind, e.id, e.kind, e.slug, s.name, s.trial, s.requests_per_minute, s.topic, m.rules,
    s.signing_key, CASE WHEN s.former_key_until > now() THEN s.former_signing_key END
FROM catalog_source s
JOIN catalog_environment e ON e.id = s.environment_id
LEFT JOIN LATERAL (
    SELECT rules FROM catalog_sourcemapping WHERE source_id = s.id AND live_at IS NOT NULL ORDER BY live_at DESC LIMIT 1
) m ON true
WHERE s.revoked_at IS NULL
AND (s.token_hash = %(hash)s OR (s.former_token_hash = %(hash)s AND s.former_token_until > now()))
"""


@dataclass(frozen=True, slots=True)
class Registered:
    """A source as it was registered: what its sender signs with, how much it may send, and what is particular to its kind.

    `topic` is that of SNS, empty where none was confirmed; `reader` that of a mapped source, None where none is live.
    """

    sender: Sender
    requests_per_minute: int = 0
    topic: str = ""
    reader: Reader | None = None
    keys: tuple[bytes, ...] = field(default=(), repr=False)


class Senders:
    """The sources of an installation, by token."""

    def __init__(self, pool: AsyncConnectionPool[Connection], secret: str) -> None:
        self._pool, self._secret = pool, secret
        self._seen: dict[str, tuple[float, Registered | None]] = {}

    async def by_token(self, token: str) -> Registered | None:
        """The source; None for a token that nobody has. Looked up by hash: no comparison depends on the token's content.

        Raises Refused where its signing key can't be read.
        """
        hashed, now = token_hash(token), time.monotonic()
        known = self._seen.get(hashed)
        if known is not None and now - known[0] < REMEMBER_S:
            return known[1]
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            row = await (await connection.execute(REGISTERED, {"hash": hashed})).fetchone()
        registered = self._registered(row) if row else None
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[hashed] = (now, registered)
        return registered

    def forget(self) -> None:
        """The next token is looked up anew."""
        self._seen.clear()

    def _registered(self, row: tuple[Any, ...]) -> Registered:
        *sender, rate, topic, rules, key, former = row
        try:
            keys = tuple(unseal(self._secret, sealed) for sealed in (key, former) if sealed is not None)
        except Unreadable as error:  # without its key anybody could be the sender; so all wait until it is set again
            log.error("source %s: its signing key is %s; set it again", row[0], error)
            raise Refused(503, f"The signing key of this source is {error}.", retry_after=RETRY_AFTER_S) from error
        made = reader(msgspec.convert(rules, Rules)) if rules is not None else None
        return Registered(Sender(*sender), rate, topic, made, keys)

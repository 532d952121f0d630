"""Bodies that came before: what they said is remembered, asked for again, and how often they were seen is written down."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import datetime

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from tocsin.web.group_commit import GroupCommit
from tocsin.web.hooks.database import RETRY_AFTER_S, is_the_databases
from tocsin.workflows.ingest import Connection, Received, Sender
from tocsin.workflows.repeating import Said, confirmed, said, write_down

log = logging.getLogger(__name__)

# What a crash may forget of "last seen".
WRITE_DOWN_EVERY_S = 1
# In bytes, about; then all is forgotten, and learnt anew.
MOST_REMEMBERED = 32_000_000
AN_ENTRY = 400


class Repeats:
    """What this process remembers of bodies, by source and digest: None for those that came once only."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
        self._remembered: dict[bytes, Said | None] = {}
        self._size = 0
        self._seen: dict[Said, tuple[int, datetime]] = {}
        self.confirmations: GroupCommit[Said, bool] = GroupCommit(
            self._confirm, weigh=_weight, may_be_the_items=lambda error: not is_the_databases(error)
        )

    async def seen_again(self, sender: Sender, body: bytes, now: datetime) -> int | None:
        """The signal of a body that says nothing new; None for one that must be taken in.

        Raises Overloaded, and the database's error where it can't be asked now.
        """
        known = self._remembered.get(_digest(sender, body))
        if known is None or not known.holds(sender, now) or not await self.confirmations.submit(known):
            return None
        times, last_at = self._seen.get(known, (0, now))
        self._seen[known] = (times + 1, max(last_at, now))
        return known.signal

    def remember(self, received: Received, body: bytes, signal: int) -> None:
        """Notes a body that was kept as this signal. What it said is noted when it comes for the second time."""
        digest = _digest(received.sender, body)
        found = said(received, signal) if digest in self._remembered else None
        self._size += AN_ENTRY + (len(found.alerts) if found else 0)
        if self._size > MOST_REMEMBERED:
            self._remembered.clear()
            self._size = 0
        self._remembered[digest] = found

    async def keep_count(self) -> None:
        """Writes down every second what was seen again; runs until cancelled, and then once more."""
        try:
            while True:
                await asyncio.sleep(WRITE_DOWN_EVERY_S)
                await self.write_down()
        finally:
            await self.write_down()

    async def write_down(self) -> None:
        """Writes down what was seen again since the last time; what can't be written now is kept for the next."""
        seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
                await write_down(connection, seen)
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("what was seen again could not be written down yet (%s)", type(error).__name__)
            for one, (times, last_at) in seen.items():
                more, later = self._seen.get(one, (0, last_at))
                self._seen[one] = (times + more, max(last_at, later))

    async def _confirm(self, batch: list[Said]) -> list[bool]:
        distinct = list(dict.fromkeys(batch))
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            found = dict(zip(distinct, await confirmed(connection, distinct), strict=True))
        return [found[one] for one in batch]


def _digest(sender: Sender, body: bytes) -> bytes:
    return hashlib.sha256(b"%d:%b" % (sender.id, body)).digest()


def _weight(known: Said) -> int:
    return 1 + len(known.alerts) // 80

"""Keeping what was understood: in the next group commit, once, or as rejected where the database will not have it."""

from __future__ import annotations

import logging
from datetime import timedelta

import psycopg
from psycopg_pool import AsyncConnectionPool

from tocsin.web.group_commit import GroupCommit, Overloaded
from tocsin.web.hooks.database import RETRY_AFTER_S, is_the_databases
from tocsin.web.hooks.understanding import rejected
from tocsin.workflows.ingest import Connection, Received, ingest
from tocsin.workflows.memory import Memory

log = logging.getLogger(__name__)

DELIVERED = "SELECT id FROM alerts_signal WHERE source_id = %s AND delivery = %s"


class Intake:
    """The one writer of signals in this process."""

    def __init__(self, pool: AsyncConnectionPool[Connection], secret: str, quiet_period: timedelta) -> None:
        """`secret` is the installation's secret key; `quiet_period` the usual one of an incident."""
        self._pool, self._secret, self._quiet_period = pool, secret, quiet_period
        self._memory = Memory()
        self.commits: GroupCommit[Received, int] = GroupCommit(
            self._commit, weigh=_weight, may_be_the_items=lambda error: not is_the_databases(error)
        )

    async def _commit(self, batch: list[Received]) -> list[int]:
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            return await ingest(connection, batch, self._quiet_period, self._memory)

    async def delivered(self, source: int, delivery: str) -> int | None:
        """The signal that was kept of this delivery; None where it is new."""
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            row = await (await connection.execute(DELIVERED, [source, delivery])).fetchone()
        return row[0] if row else None

    async def keep(self, received: Received, body: bytes) -> tuple[int, Received]:
        """The id of the kept signal; what can't be taken in for a reason of its own is kept as rejected instead.

        Raises Overloaded, and the database's error where it can't keep anything now.
        """
        try:
            return await self.commits.submit(received), received
        except Overloaded:
            raise
        except Exception as error:
            if received.parsed is None or is_the_databases(error):
                raise
            if received.delivery and (kept := await self.delivered(received.sender.id, received.delivery)):
                return kept, received  # it came twice at the same time
            log.exception("a signal could not be taken in; it is kept as rejected")
            why = error.diag.message_primary if isinstance(error, psycopg.Error) else None
            refused = rejected(
                self._secret, received.sender, body, received.received_at, f"it could not be kept: {why or error}"
            )
            return await self.commits.submit(refused), refused


def _weight(received: Received) -> int:
    """About how many alerts a body is worth; a long one is, even with few: PostgreSQL takes 256 MB of JSON at once."""
    return 1 + (len(received.parsed.alerts) if received.parsed is not None else 0) + len(received.body) // 2000

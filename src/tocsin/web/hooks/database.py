"""The hooks' connections to the database, and which of its errors say nothing of the data."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

RETRY_AFTER_S = 5
# A statement, or a transaction that says nothing, that takes longer than this has gone wrong.
LIMITS = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"


def is_the_databases(error: Exception) -> bool:
    """Whether an error says nothing of the data: the database is away, full, or busy. Then the sender tries again.

    By SQLSTATE class: connection (08), resources (53), operator's doing (57), a lock or a deadlock (55P03, 40), or none at all.
    """
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, psycopg.Error):
        return False
    state = error.sqlstate
    if state is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return state[:2] in {"08", "40", "53", "57"} or state == "55P03"


async def connect(pool_size: int, conninfo: str) -> AsyncConnectionPool[Any]:
    """Connections for the hooks: one to write, few to look up senders."""
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=pool_size,
        open=False,
        kwargs={"autocommit": True, "options": LIMITS},
        check=AsyncConnectionPool.check_connection,  # PostgreSQL may have been restarted since
    )
    await pool.open()
    return pool

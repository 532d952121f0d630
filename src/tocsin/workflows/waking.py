"""A worker hears at once that there is something to deliver: one LISTEN connection a process. Looking now and then is its net."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg

log = logging.getLogger(__name__)

RECONNECT_S = 1.0


async def listen(conninfo: str, wake: Callable[[], None]) -> None:
    """Calls `wake` whenever something was laid in, until cancelled; after the database was away, once more to be sure."""
    is_told = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                await connection.execute("LISTEN tocsin_outbox")
                is_told = False
                wake()
                async for _ in connection.notifies():
                    wake()
        except (psycopg.Error, OSError):
            if not is_told:
                log.warning("what is to be delivered is only looked for now and then, until the database is back")
            is_told = True
        await asyncio.sleep(RECONNECT_S)

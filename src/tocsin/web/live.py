"""What has changed, as it changes: one LISTEN connection a process, handed on to every open page as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import msgspec
import psycopg

log = logging.getLogger(__name__)

# Proxies and phones drop a silent connection; a comment line now and then keeps it open.
KEEP_ALIVE_S = 20.0
RECONNECT_S = 2.0
# A page that does not read is told "everything may have changed" once it does, instead of a queue that grows.
MOST_UNREAD = 50


class _Message(msgspec.Struct):
    incidents: list[int]


class Live:
    """Open pages and the messages for them."""

    def __init__(self, conninfo: str) -> None:
        """`conninfo` is the database's address; nothing is opened before `run`."""
        self._conninfo = conninfo
        self._pages: set[asyncio.Queue[list[int]]] = set()

    async def run(self) -> None:
        """Listens until cancelled; comes back when the database was away, and then tells pages to look again."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                    await connection.execute("LISTEN tocsin")
                    self._tell([])
                    async for notification in connection.notifies():
                        self._tell(msgspec.json.decode(notification.payload, type=_Message).incidents)
            except (psycopg.OperationalError, OSError):
                log.warning("the database can't be reached: pages are not live until it can")
                await asyncio.sleep(RECONNECT_S)

    def _tell(self, incidents: list[int]) -> None:
        for page in self._pages:
            if page.qsize() < MOST_UNREAD:
                page.put_nowait(incidents)

    async def events(self, incident: int | None) -> AsyncIterator[bytes]:
        """Server-sent events for one incident's page, or for the list (None). An empty message means: look again."""
        page: asyncio.Queue[list[int]] = asyncio.Queue()
        self._pages.add(page)
        try:
            yield b"retry: 2000\n\n"
            while True:
                try:
                    changed = await asyncio.wait_for(page.get(), KEEP_ALIVE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if incident is None or not changed or incident in changed:
                    yield b"event: changed\ndata: now\n\n"
        finally:
            self._pages.discard(page)

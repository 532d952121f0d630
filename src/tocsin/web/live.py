"""What has changed, as it changes: one LISTEN connection a process, handed on to every open page as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field

import msgspec
import psycopg

log = logging.getLogger(__name__)

# Proxies and phones drop a silent connection; a comment line now and then keeps it open.
KEEP_ALIVE_S = 20.0
RECONNECT_S = 2.0


class _Message(msgspec.Struct):
    """`incidents` that changed; None: more than can be named."""

    incidents: list[int] | None


@dataclass(eq=False, slots=True)
class _Page:
    """An open page. That something changed is a flag, not a queue: however often it is told, looking once is enough."""

    incident: int | None
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """Open pages and what each has yet to be told."""

    def __init__(self, conninfo: str) -> None:
        """`conninfo` is the database's address; nothing is opened before `run`."""
        self._conninfo = conninfo
        self._pages: set[_Page] = set()

    async def run(self) -> None:
        """Listens until cancelled; comes back when the database was away, and then tells pages to look again."""
        while True:
            try:
                await self._listen()
            except (psycopg.OperationalError, OSError):
                log.warning("the database can't be reached: pages are not live until it can")
            except Exception:  # outermost loop: whatever it was, pages must not stay silent for ever after
                log.exception("listening for changes failed; it begins anew")
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
            await connection.execute("LISTEN tocsin")
            self.tell(None)
            async for notification in connection.notifies():
                self.tell(_changed(notification.payload))

    def tell(self, incidents: Collection[int] | None) -> None:
        """Tells the pages of these incidents, and every list, that they changed; None: anything may have."""
        for page in self._pages:
            if page.incident is None or incidents is None or page.incident in incidents:
                page.changed.set()

    async def events(self, incident: int | None) -> AsyncIterator[bytes]:
        """Server-sent events for one incident's page, or for the list (None): "changed" means look again."""
        page = _Page(incident)
        self._pages.add(page)
        try:
            yield b"retry: 2000\n\n"
            while True:
                try:
                    await asyncio.wait_for(page.changed.wait(), KEEP_ALIVE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                page.changed.clear()
                yield b"event: changed\ndata: now\n\n"
        finally:
            self._pages.discard(page)


def _changed(payload: str) -> set[int] | None:
    """The incidents a notification names; None where it can't be understood: then anything may have changed."""
    try:
        named = msgspec.json.decode(payload, type=_Message).incidents
        return None if named is None else set(named)
    except msgspec.DecodeError:
        log.warning("a notification of a change can't be understood; all pages look again")
        return None

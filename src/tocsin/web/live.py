"""What has changed, as it changes: one LISTEN connection a process, handed on to every open page as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import psycopg

from tocsin.web.moments import Moments

log = logging.getLogger(__name__)

# Proxies and phones drop a silent connection; a comment line now and then keeps it open.
KEEP_ALIVE_S = 20.0
RECONNECT_S = 2.0
# To draw what changed of an incident takes half a hundredth of a second for each reader, a list four of them. When very many are
# open, those after the first look one after the other: all at once would wait for database connections until they fail.
AT_ONCE = 10
APART_S, LISTS_APART_S = 0.01, 0.05


CHANGED, PRESENT, WATCHED = "changed", "present", "watched"


class _Message(msgspec.Struct):
    """`incidents` that changed; None: more than can be named. Or, of one incident, that others are `present` now."""

    incidents: list[int] | None = None
    present: int | None = None


# Whether somebody may see one of these incidents, as things stand.
Sight = Callable[[Collection[int]], Awaitable[bool]]


@dataclass(eq=False, slots=True)
class _Page:
    """An open page. What it is to hear are flags, not a queue: however often it is told, looking once is enough."""

    incident: int | None
    sight: Sight | None = None
    news: set[str] = field(default_factory=set)
    changed: set[int] | None = field(default_factory=set)
    is_told: asyncio.Event = field(default_factory=asyncio.Event)
    waits: float = 0.0

    def tell(self, news: str, changed: Collection[int] | None = ()) -> None:
        """Lets the page know; `changed` are the incidents that did, None where anything may have."""
        self.news.add(news)
        if self.sight is not None:
            self.changed = None if changed is None or self.changed is None else self.changed.union(changed)
        self.is_told.set()

    async def take(self) -> set[str]:
        """What to tell whoever looks at the page, which is not told again: nothing of incidents that they can't see."""
        news, changed = self.news, self.changed
        self.news, self.changed = set(), set()
        self.is_told.clear()
        if self.sight is not None and changed is not None and not (changed and await self.sight(changed)):
            news.discard(CHANGED)
        return news


class Live:
    """Open pages and what each has yet to be told."""

    def __init__(self, conninfo: str, moments: Moments[Any] | None = None) -> None:
        """`conninfo` is the database's address, nothing is opened before `run`; `moments` is told before the pages are."""
        self._conninfo = conninfo
        self._moments = moments or Moments(lambda incident, asked: None)
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
            self._moments.is_told = True
            try:
                async for notification in connection.notifies():
                    self._pass_on(_understood(notification.payload))
            finally:
                self._moments.is_told = False

    def _pass_on(self, message: _Message) -> None:
        if message.present is None:
            self.tell(message.incidents)
        else:
            self.tell_who_is_there(message.present)

    def tell(self, incidents: Collection[int] | None) -> None:
        """Tells the pages of these incidents, and every list, that they changed; None: anything may have."""
        self._moments.forget(incidents)
        told = (
            page for page in self._pages if page.incident is None or incidents is None or page.incident in incidents
        )
        _in_turn(told, CHANGED, incidents)

    def tell_who_is_there(self, incident: int) -> None:
        """Tells the pages of an incident that somebody came, went or began to write: nothing else of it changed."""
        for page in self._pages:
            if page.incident == incident:
                page.tell(PRESENT)

    def tell_of_watch(self) -> None:
        """Tells every page that there is something else to be warned of."""
        _in_turn(self._pages, WATCHED)

    async def events(self, incident: int | None, sight: Sight | None = None) -> AsyncIterator[bytes]:
        """Server-sent events for one incident's page, or for the list (None); `sight`: of one who doesn't see all incidents.

        "changed" means look again; "present" look again who else is there; "watched" look again what everybody is warned of.
        """
        page = _Page(incident, sight if incident is None else None)
        self._pages.add(page)
        try:
            yield b"retry: 2000\n\n"
            while True:
                try:
                    await asyncio.wait_for(page.is_told.wait(), KEEP_ALIVE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                await asyncio.sleep(page.waits)  # what else happens meanwhile is seen with it
                for one in sorted(await page.take()):
                    yield f"event: {one}\ndata: now\n\n".encode()
        finally:
            self._pages.discard(page)


def _in_turn(pages: Iterable[_Page], news: str, changed: Collection[int] | None = ()) -> None:
    """Tells all of them, the first at once and each of the others a little later than the one before."""
    waits = 0.0
    for place, page in enumerate(pages):
        if place >= AT_ONCE:
            waits += LISTS_APART_S if page.incident is None else APART_S
        page.waits = waits
        page.tell(news, changed)


def _understood(payload: str) -> _Message:
    """What a notification says; one that can't be understood says that anything may have changed."""
    try:
        return msgspec.json.decode(payload, type=_Message)
    except msgspec.DecodeError:
        log.warning("a notification of a change can't be understood; all pages look again")
        return _Message()

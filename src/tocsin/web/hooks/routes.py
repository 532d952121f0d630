"""The routes of the hooks: from a request to its answer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.parsed import Parsed
from tocsin.web.bodies import bounded_body
from tocsin.web.group_commit import Overloaded
from tocsin.web.hooks.answers import PLAIN, Dialect, Kept, Refused
from tocsin.web.hooks.database import RETRY_AFTER_S, is_the_databases
from tocsin.web.hooks.intake import Intake
from tocsin.web.hooks.kinds import load_kinds
from tocsin.web.hooks.limits import Limits
from tocsin.web.hooks.proof import Proofs, Unproven
from tocsin.web.hooks.repeats import Repeats
from tocsin.web.hooks.room import Room
from tocsin.web.hooks.senders import Registered, Senders
from tocsin.web.hooks.subscriptions import Fetch, Subscriptions, fetch
from tocsin.web.hooks.understanding import rejected, understand
from tocsin.workflows.ingest import Connection

log = logging.getLogger(__name__)

LARGEST_BODY = 4 * 1024 * 1024
# Larger ones are parsed beside the loop, so that others need not wait for them.
LARGE_BODY = 64 * 1024
# Whoever takes longer to send one holds memory for nothing.
BODY_WITHIN_S = 30
COUNT_EVERY_S = 10
# Making room takes people.
FULL_RETRY_S = 60

Take = Callable[[Request], Awaitable[Response]]


class Hooks:
    """The routes' state: database connections, senders, and the group commit."""

    def __init__(
        self,
        pool: AsyncConnectionPool[Connection],
        secret: str,
        quiet_period: timedelta,
        fetch: Fetch = fetch,
        folder: Path | None = None,
    ) -> None:
        """`secret` is the installation's secret key; `quiet_period` the usual one of an incident; `fetch` asks SNS.

        `folder` is where our own PostgreSQL keeps its data; None where it is somebody else's.
        """
        self.pool, self.secret = pool, secret
        self.kinds = load_kinds()
        self.senders = Senders(pool, secret)
        self.intake = Intake(pool, secret, quiet_period)
        self.repeats = Repeats(pool)
        self.limits, self.room = Limits(), Room(folder)
        self._proofs = Proofs(secret, Subscriptions(pool, self.senders, fetch))

    def running(self) -> list[Coroutine[None, None, None]]:
        """What must run beside the routes, until cancelled."""
        repeats = self.repeats
        return [self.intake.commits.run(), repeats.confirmations.run(), repeats.keep_count(), self.count_held_back()]

    async def answer(self, request: Request, methods: Collection[str] = ("POST",)) -> Response:
        """POST /hooks/{source}/{token}, and what some senders append to that."""
        return await self.guarded(request, self._take, self.dialect(request.path_params["source"]), methods)

    def dialect(self, kind: str) -> Dialect:
        """How senders of this kind are answered; in Tocsin's own words where there is no such kind."""
        return self.kinds[kind].dialect if kind in self.kinds else PLAIN

    async def guarded(
        self, request: Request, take: Take, dialect: Dialect = PLAIN, methods: Collection[str] = ("POST",)
    ) -> Response:
        """What `take` answers, or its refusal; where it can't keep something now, that it should be sent again."""
        try:
            if request.method not in methods:
                raise Refused(405, "Signals are sent here with POST.")
            if self.room.is_short():
                raise Refused(
                    503, "The disk is full; nothing was kept. Send this signal again.", retry_after=FULL_RETRY_S
                )
            return await take(request)
        except Refused as refused:
            return dialect.refused(refused)
        except Overloaded:
            return dialect.refused(_later("More signals are waiting than can be taken on now; send this one again."))
        except ClientDisconnect:  # nobody is left to answer, and half a body is no signal
            return Response(status_code=400)
        except (psycopg.Error, PoolTimeout) as error:
            if not is_the_databases(error):
                raise
            log.warning("a signal was turned away: the database can't keep it now (%s)", type(error).__name__)
            return dialect.refused(_later("The database can't keep it now; nothing was kept. Send this signal again."))

    async def _take(self, request: Request) -> Response:
        kind = request.path_params["source"]
        registered = await self.registered(kind, request.path_params["token"])
        kept = await self.take_in(registered, request, await self.body(request))
        return self.kinds[kind].dialect.accepted(kept)

    async def registered(self, kind: str, token: str) -> Registered:
        """The source of this kind and token. Raises Refused."""
        registered = await self.senders.by_token(token)
        if registered is None or registered.sender.kind != kind or kind not in self.kinds:
            raise Refused(404, f"There is no {kind} source with this token; see `tocsin source`.")
        return registered

    async def body(self, request: Request) -> bytes:
        """The body of a request. Raises Refused for one that is too large, or that takes too long."""
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                body = await bounded_body(request, LARGEST_BODY)
        except TimeoutError as error:
            raise Refused(408, f"The body did not arrive within {BODY_WITHIN_S} s.") from error
        if body is None:
            raise Refused(413, f"A body may have at most {LARGEST_BODY >> 20} MiB.")
        return body

    async def take_in(self, registered: Registered, request: Request, body: bytes) -> Kept:
        """Keeps a signal once its sender has shown who it is. Raises Refused; what is refused for its content is kept too."""
        now, kind = datetime.now(UTC), self.kinds[registered.sender.kind]
        self._hold_back(registered, kind.busy, now)
        arrival = Arrival(request.headers, _path(request), request.query_params, body, request.method)
        try:
            delivery = await self._proofs.check(kind, registered, arrival)
        except Unproven as error:
            refused = rejected(self.secret, registered.sender, body, now, str(error))
            raise Refused(error.status, str(error), signal=await self.intake.commits.submit(refused)) from error
        if delivery and (before := await self.intake.delivered(registered.sender.id, delivery)):
            return Kept(before, Parsed(()), repeated=True)
        if kind.may_repeat and (before := await self.repeats.seen_again(registered.sender, body, now)):
            return Kept(before, Parsed(()), repeated=True)
        asked = (kind, self.secret, registered, arrival, now)
        is_slow = len(body) > LARGE_BODY or registered.reader is not None  # rules of people may be slow
        received = await asyncio.to_thread(understand, *asked) if is_slow else understand(*asked)
        if received.parsed is not None and delivery:
            received = replace(received, delivery=delivery)
        signal, received = await self.intake.keep(received, body)
        if received.parsed is None:
            raise Refused(400, received.error, signal=signal)
        if kind.may_repeat:
            self.repeats.remember(received, body, signal)
        return Kept(signal, received.parsed)

    async def count_held_back(self) -> None:
        """Writes down how much was held back, for people to see; runs until cancelled."""
        while True:
            await asyncio.sleep(COUNT_EVERY_S)
            try:
                await self.limits.write_down(self.pool)
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("what was held back could not be counted yet (%s)", type(error).__name__)

    def _hold_back(self, registered: Registered, busy: int | None, now: datetime) -> None:
        if busy is None:  # it would never come again
            return
        source, most = registered.sender.id, registered.requests_per_minute
        wait = self.limits.wait(source, most, time.monotonic())
        if wait:
            self.limits.hold_back(source, now)
            raise Refused(
                busy, f"This source may send {most} requests a minute; send it again.", retry_after=ceil(wait)
            )


def _later(detail: str) -> Refused:
    return Refused(503, detail, retry_after=RETRY_AFTER_S)


def _path(request: Request) -> str:
    """What follows the source's address, as it was written: a name in it may hold an escaped slash."""
    path = request.scope.get("raw_path", b"").decode("latin-1") or str(request.scope["path"])
    return "/".join(path.split("/")[4:]) if path.startswith("/hooks/") else path.lstrip("/")

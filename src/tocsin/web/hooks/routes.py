"""The routes of the hooks: from a request to its answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tocsin.alerts.sources import load_sources
from tocsin.alerts.verify import is_genuine
from tocsin.ground.secrets import unseal
from tocsin.web.bodies import bounded_body
from tocsin.web.group_commit import Overloaded
from tocsin.web.hooks.database import RETRY_AFTER_S, is_the_databases
from tocsin.web.hooks.intake import Intake
from tocsin.web.hooks.senders import Senders
from tocsin.web.hooks.understanding import understand
from tocsin.web.problems import problem
from tocsin.workflows.ingest import Connection, Sender

log = logging.getLogger(__name__)

LARGEST_BODY = 4 * 1024 * 1024
# Larger ones are parsed beside the loop, so that others need not wait for them.
LARGE_BODY = 64 * 1024


class Hooks:
    """The routes' state: database connections, senders, and the group commit."""

    def __init__(self, pool: AsyncConnectionPool[Connection], secret: str, quiet_period: timedelta) -> None:
        """`secret` is the installation's secret key; `quiet_period` the usual one of an incident."""
        self.pool, self.secret = pool, secret
        self.sources = load_sources()
        self.senders = Senders(pool)
        self.intake = Intake(pool, secret, quiet_period)

    async def answer(self, request: Request) -> Response:
        """POST /hooks/{source}/{token}."""
        return await self.guarded(request, self._take)

    async def guarded(self, request: Request, take: Callable[[Request], Awaitable[Response]]) -> Response:
        """What `take` answers to a POST; where it can't keep something now, that it should be sent again."""
        if request.method != "POST":
            return problem(405, "Signals are sent here with POST.", {"Allow": "POST"})
        try:
            return await take(request)
        except Overloaded:
            return _later("More signals are waiting than can be taken on now; send this one again.")
        except ClientDisconnect:  # nobody is left to answer, and half a body is no signal
            return Response(status_code=400)
        except (psycopg.Error, PoolTimeout) as error:
            if not is_the_databases(error):
                raise
            log.warning("a signal was turned away: the database can't keep it now (%s)", type(error).__name__)
            return _later("The database can't keep it now; nothing was kept. Send this signal again.")

    async def _take(self, request: Request) -> Response:
        kind = request.path_params["source"]
        sender = await self.senders.by_token(request.path_params["token"])
        if sender is None or sender.kind != kind:
            return problem(404, f"There is no {kind} source with this token; see `tocsin source`.")
        body = await bounded_body(request, LARGEST_BODY)
        if body is None:
            return problem(413, f"A body may have at most {LARGEST_BODY // 1024 // 1024} MiB.")
        if not self._is_signed(sender, request.headers, body):
            return problem(401, "The signature is missing, or was not made with the key that was given to this source.")
        asked = (self.sources[kind], self.secret, sender, body, datetime.now(UTC))
        is_large = len(body) > LARGE_BODY
        received = await asyncio.to_thread(understand, *asked) if is_large else understand(*asked)
        signal, received = await self.intake.keep(received, body)
        if received.parsed is None:
            return problem(400, received.error, signal=signal)
        accepted = {"signal": signal, "alerts": len(received.parsed.alerts), "rejected": received.parsed.rejected}
        return Response(msgspec.json.encode(accepted), 202, media_type="application/json")

    def _is_signed(self, sender: Sender, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the body is from who knows the source's key; a source without a key is known by its token alone."""
        if not sender.signing_key:
            return True
        signature = self.sources[sender.kind].SIGNATURE
        return signature is not None and is_genuine(signature, unseal(self.secret, sender.signing_key), headers, body)


def _later(detail: str) -> Response:
    return problem(503, detail, {"Retry-After": str(RETRY_AFTER_S)})

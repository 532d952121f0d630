"""Where signals come in: POST /hooks/<source>/<token>. A signal is answered with 202 only when it is committed.

A plain ASGI route in front of Django: it parses, hands the signal to the group commit, and says what became of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tocsin.alerts.parsed import MOST_REASONS, BadPayload
from tocsin.alerts.sources import load_sources
from tocsin.alerts.verify import is_genuine
from tocsin.catalog.models import token_hash
from tocsin.ground.redaction import redact_body
from tocsin.ground.secrets import redaction_key, seal, unseal
from tocsin.web.bodies import bounded_body
from tocsin.web.group_commit import GroupCommit, Overloaded
from tocsin.web.problems import problem
from tocsin.workflows.ingest import Connection, Received, Sender, ingest

log = logging.getLogger(__name__)

LARGEST_BODY = 4 * 1024 * 1024
# Larger ones are parsed beside the loop, so that others need not wait for them.
LARGE_BODY = 64 * 1024
MOST_ALERTS = 10_000
# How long a source's row is believed without asking again; a revoked source is refused after at most this long.
REMEMBER_SENDERS_S = 5.0
RETRY_AFTER_S = 5
# A statement, or a transaction that says nothing, that takes longer than this has gone wrong.
LIMITS = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"

SENDER = """
SELECT s.token_hash, s.id, s.kind, e.id, e.kind, s.signing_key, e.slug FROM catalog_source s
JOIN catalog_environment e ON e.id = s.environment_id
WHERE s.token_hash = %s AND s.revoked_at IS NULL
"""


class Hooks:
    """The route's state: its database connections, the group commit, and the senders seen lately."""

    def __init__(self, pool: AsyncConnectionPool[Connection], secret: str, quiet_period: timedelta) -> None:
        """`secret` is the installation's secret key; `quiet_period` the usual one of an incident."""
        self.pool, self.secret, self.quiet_period = pool, secret, quiet_period
        self.sources = load_sources()
        self.commits: GroupCommit[Received, int] = GroupCommit(
            self._commit, weigh=_weight, may_be_the_items=lambda error: not is_the_databases(error)
        )
        self._senders: dict[str, tuple[float, Sender | None]] = {}

    async def _commit(self, batch: list[Received]) -> list[int]:
        async with self.pool.connection(timeout=RETRY_AFTER_S) as connection:
            return await ingest(connection, batch, self.quiet_period)

    async def sender(self, token: str) -> Sender | None:
        """Who a token belongs to. Looked up by its hash, so that no comparison depends on the token's content."""
        hashed, now = token_hash(token), time.monotonic()
        known = self._senders.get(hashed)
        if known is not None and now - known[0] < REMEMBER_SENDERS_S:
            return known[1]
        async with self.pool.connection(timeout=RETRY_AFTER_S) as connection:
            row = await (await connection.execute(SENDER, [hashed])).fetchone()
        sender = Sender(*row[1:]) if row else None
        if len(self._senders) > 10_000:  # guesses must not fill the memory
            self._senders.clear()
        self._senders[hashed] = (now, sender)
        return sender

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
        sender = await self.sender(request.path_params["token"])
        if sender is None or sender.kind != kind:
            return problem(404, f"There is no {kind} source with this token; see `tocsin source`.")
        body = await bounded_body(request, LARGEST_BODY)
        if body is None:
            return problem(413, f"A body may have at most {LARGEST_BODY // 1024 // 1024} MiB.")
        if not self._is_signed(sender, request.headers, body):
            return problem(401, "The signature is missing, or was not made with the key that was given to this source.")
        now, understand = datetime.now(UTC), self._understand
        is_large = len(body) > LARGE_BODY
        received = await asyncio.to_thread(understand, sender, body, now) if is_large else understand(sender, body, now)
        signal, received = await self._keep(received, body)
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

    async def _keep(self, received: Received, body: bytes) -> tuple[int, Received]:
        """The id of the kept signal; what can't be taken in for a reason of its own is kept as rejected instead."""
        try:
            return await self.commits.submit(received), received
        except Overloaded:
            raise
        except Exception as error:
            if received.parsed is None or is_the_databases(error):
                raise
            log.exception("a signal could not be taken in; it is kept as rejected")
            why = error.diag.message_primary if isinstance(error, psycopg.Error) else None
            rejected = self._rejected(
                received.sender, body, received.received_at, f"it could not be kept: {why or error}"
            )
            return await self.commits.submit(rejected), rejected

    def _understand(self, sender: Sender, body: bytes, now: datetime) -> Received:
        """Parsed and redacted; or rejected, with the body sealed because what is not understood can't be redacted."""
        if not body:
            return self._rejected(sender, body, now, "the body is empty")
        try:
            redacted = redact_body(body, redaction_key(self.secret))
            parsed = self.sources[sender.kind].parse(redacted)
            if len(parsed.alerts) + len(parsed.runs) > MOST_ALERTS:
                raise BadPayload(f"{len(parsed.alerts)} alerts in one body; at most {MOST_ALERTS} are taken")
            return Received(sender, now, redacted.decode(), parsed, "; ".join(parsed.rejected[:MOST_REASONS]))
        except (BadPayload, UnicodeDecodeError) as error:
            return self._rejected(sender, body, now, str(error))

    def _rejected(self, sender: Sender, body: bytes, now: datetime, why: str) -> Received:
        return Received(sender, now, error=why.replace("\x00", ""), sealed=seal(self.secret, body))


def _weight(received: Received) -> int:
    """About how many alerts a body is worth; a long one is, even with few: PostgreSQL takes 256 MB of JSON at once."""
    return 1 + (len(received.parsed.alerts) if received.parsed is not None else 0) + len(received.body) // 2000


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


def _later(detail: str) -> Response:
    return problem(503, detail, {"Retry-After": str(RETRY_AFTER_S)})


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

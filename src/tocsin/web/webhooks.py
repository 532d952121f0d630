"""Where signals come in: POST /hooks/<source>/<token>. A signal is answered with 202 only when it is committed.

A plain ASGI route in front of Django: it parses, hands the signal to the group commit, and says what became of it.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.sources import load_sources
from tocsin.catalog.models import token_hash
from tocsin.ground.redaction import redact_body
from tocsin.ground.secrets import redaction_key, seal
from tocsin.web.group_commit import GroupCommit, Overloaded
from tocsin.web.problems import problem
from tocsin.workflows.ingest import Connection, Received, Sender, ingest

log = logging.getLogger(__name__)

LARGEST_BODY = 10 * 1024 * 1024
# How long a source's row is believed without asking again; a revoked source is refused after at most this long.
REMEMBER_SENDERS_S = 5.0
RETRY_AFTER_S = 5

SENDER = """
SELECT s.token_hash, s.id, s.kind, e.id, e.kind FROM catalog_source s JOIN catalog_environment e ON e.id = s.environment_id
WHERE s.token_hash = %s AND s.revoked_at IS NULL
"""


class Hooks:
    """The route's state: its database connections, the group commit, and the senders seen lately."""

    def __init__(self, pool: AsyncConnectionPool[Connection], secret: str, quiet_period: timedelta) -> None:
        """`secret` is the installation's secret key; `quiet_period` the usual one of an incident."""
        self.pool, self.secret, self.quiet_period = pool, secret, quiet_period
        self.sources = load_sources()
        self.commits: GroupCommit[Received, int] = GroupCommit(
            self._commit, weigh=_weight, refused=(psycopg.DataError, psycopg.errors.UntranslatableCharacter)
        )
        self._senders: dict[str, tuple[float, Sender | None]] = {}

    async def _commit(self, batch: list[Received]) -> list[int]:
        async with self.pool.connection(timeout=RETRY_AFTER_S) as connection:
            return await ingest(connection, batch, self.quiet_period)

    async def _sender(self, token: str) -> Sender | None:
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
        try:
            return await self._take(request)
        except Overloaded:
            return _later("More signals are waiting than can be taken on now; send this one again.")
        except (psycopg.OperationalError, PoolTimeout):
            log.warning("a signal was turned away: the database can't be reached")
            return _later("The database can't be reached; nothing was kept. Send this signal again.")

    async def _take(self, request: Request) -> Response:
        kind = request.path_params["source"]
        sender = await self._sender(request.path_params["token"])
        if sender is None or sender.kind != kind:
            return problem(404, f"There is no {kind} source with this token; see `tocsin source`.")
        body = await _body(request)
        if body is None:
            return problem(413, f"A body may have at most {LARGEST_BODY // 1024 // 1024} MiB.")
        received = self._understand(sender, body, datetime.now(UTC))
        try:
            signal = await self.commits.submit(received)
        except psycopg.DataError as error:
            received = self._rejected(
                sender, body, received.received_at, f"the database refused it: {error.diag.message_primary}"
            )
            signal = await self.commits.submit(received)
        if received.error:
            return problem(400, received.error, signal=signal)
        assert received.parsed is not None
        accepted = {"signal": signal, "alerts": len(received.parsed.alerts)}
        return Response(msgspec.json.encode(accepted), 202, media_type="application/json")

    def _understand(self, sender: Sender, body: bytes, now: datetime) -> Received:
        """Parsed and redacted; or rejected, with the body sealed because what is not understood can't be redacted."""
        try:
            redacted = redact_body(body, redaction_key(self.secret))
            return Received(sender, now, redacted.decode(), self.sources[sender.kind].parse(redacted))
        except (BadPayload, UnicodeDecodeError) as error:
            return self._rejected(sender, body, now, str(error))

    def _rejected(self, sender: Sender, body: bytes, now: datetime, why: str) -> Received:
        return Received(sender, now, error=why.replace("\x00", ""), sealed=seal(self.secret, body))


def _weight(received: Received) -> int:
    return 1 + (len(received.parsed.alerts) if received.parsed is not None else 0)


def _later(detail: str) -> Response:
    return problem(503, detail, {"Retry-After": str(RETRY_AFTER_S)})


async def _body(request: Request) -> bytes | None:
    """The whole body, or None when it is too large."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > LARGEST_BODY:
                return None
            parts.append(part)
    except ClientDisconnect:  # nobody is left to answer, and half a body is no signal
        return b""
    return b"".join(parts)


async def connect(pool_size: int, conninfo: str) -> AsyncConnectionPool[Any]:
    """Connections for the hooks: one to write, few to look up senders."""
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=pool_size,
        open=False,
        kwargs={"autocommit": True},
        check=AsyncConnectionPool.check_connection,  # PostgreSQL may have been restarted since
    )
    await pool.open()
    return pool

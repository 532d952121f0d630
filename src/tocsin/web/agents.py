"""Where agents call in: GET /agent/work waits for a look to take, POST /agent/work/<id> brings the snapshot.

A plain ASGI route beside the hooks. An agent is known by its token, and sees the work of its own cluster alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tocsin.ground.secrets import redaction_key, token_hash
from tocsin.investigation import agents
from tocsin.investigation.agents import BadSnapshot, Connection
from tocsin.web.bodies import bounded_body
from tocsin.web.problems import problem

LARGEST_BODY = 16 * 1024 * 1024
# How long a call without work is held, and how often it looks. Proxies end a silent call after a minute or so.
HOLD_S = 25.0
LOOK_EVERY_S = 0.5
RETRY_AFTER_S = 5
_MOST_ID = 2**63 - 1  # of a bigint

CLUSTER = "SELECT id FROM catalog_cluster WHERE kind = 'agent' AND agent_token_hash = %s"


class Agents:
    """The routes' state: database connections, and the secret key of the installation."""

    def __init__(self, pool: AsyncConnectionPool[Connection], secret: str, hold_s: float = HOLD_S) -> None:
        """`hold_s` is how long a call without work is held."""
        self._pool, self._key, self._hold_s = pool, redaction_key(secret), hold_s
        self._unpacking = asyncio.Semaphore(1)  # it takes memory: one after the other

    async def work(self, request: Request) -> Response:
        """GET /agent/work: 200 with a look to take, or 204 after a while without one."""
        return await self._known(request, self._wait)

    async def bring(self, request: Request) -> Response:
        """POST /agent/work/{id}, the body a gzipped snapshot: 204 when it is kept, 410 when nobody waits for it any more."""
        return await self._known(request, self._keep)

    async def _known(self, request: Request, then: Callable[[Request, int], Awaitable[Response]]) -> Response:
        try:
            cluster = await self._cluster(request)
            if cluster is None:
                return problem(
                    401, "No agent has this token; `tocsin cluster set PROJECT/ENVIRONMENT --agent` makes one."
                )
            return await then(request, cluster)
        except ClientDisconnect:  # nobody is left to answer
            return Response(status_code=400)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
            return problem(503, "The database can't be reached now.", {"Retry-After": str(RETRY_AFTER_S)})

    async def _cluster(self, request: Request) -> int | None:
        """Whose agent calls. Looked up by the token's hash, so that no comparison depends on the token's content."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            row = await (await connection.execute(CLUSTER, [token_hash(token)])).fetchone()
        return int(row[0]) if row else None

    async def _wait(self, request: Request, cluster: int) -> Response:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._hold_s
        while not await request.is_disconnected():
            async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
                work = await agents.take(connection, cluster)
            if work is not None:
                return Response(msgspec.json.encode(work), media_type="application/json")
            if loop.time() >= until:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        return Response(status_code=204)

    async def _keep(self, request: Request, cluster: int) -> Response:
        body = await bounded_body(request, LARGEST_BODY)
        if body is None:
            return problem(413, f"A snapshot may have at most {LARGEST_BODY >> 20} MiB, gzipped.")
        try:
            async with self._unpacking:
                content = await asyncio.to_thread(agents.received, body, self._key)
        except BadSnapshot as error:
            return problem(400, f"This is no snapshot: {error}.")
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            kept = await agents.answer(connection, cluster, min(request.path_params["id"], _MOST_ID), content)
        if not kept:
            return problem(410, "Nobody waits for this look any more.")
        return Response(status_code=204)

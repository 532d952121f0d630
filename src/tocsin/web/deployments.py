"""Where `tocsin run` sends what it recorded: POST /hooks/deployment/<token>, the body a gzipped deployment.

A route of its own beside the other hooks: the bodies are large, and are judged by more than their own words. They go
into the same group commit, in one transaction with all that follows from them.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import psycopg
from starlette.requests import Request
from starlette.responses import Response

from tocsin.alerts.parsed import Parsed
from tocsin.alerts.sources import DEPLOYMENT
from tocsin.deployments import store
from tocsin.deployments.document import MOST_PACKED, BadDocument, Document, unpack
from tocsin.deployments.drift import Noise
from tocsin.deployments.receiving import Understood, understand
from tocsin.ground.secrets import redaction_key
from tocsin.web.bodies import bounded_body
from tocsin.web.hooks.database import RETRY_AFTER_S, is_the_databases
from tocsin.web.hooks.routes import Hooks
from tocsin.web.problems import problem
from tocsin.workflows.ingest import Received, Sender

MEANT_FOR = """
SELECT p.slug, e.slug FROM catalog_environment e JOIN catalog_project p ON p.id = e.project_id WHERE e.id = %s
"""


class Deployments:
    """The route's state: the hooks whose senders, connections and commits it shares."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._unpacking = asyncio.Semaphore(1)  # it takes memory: one after the other

    async def answer(self, request: Request) -> Response:
        """POST /hooks/deployment/{token}."""
        return await self._hooks.guarded(request, self._take)

    async def _take(self, request: Request) -> Response:
        registered = await self._hooks.senders.by_token(request.path_params["token"])
        if registered is None or registered.sender.kind != DEPLOYMENT:
            return problem(404, f"There is no {DEPLOYMENT} source with this token; see `tocsin source`.")
        sender = registered.sender
        body = await bounded_body(request, MOST_PACKED)
        if body is None:
            return problem(413, f"A deployment may have at most {MOST_PACKED >> 20} MiB, gzipped.")
        async with self._hooks.pool.connection(timeout=RETRY_AFTER_S) as connection:
            noise = await store.noise_of(connection, sender.environment_id)
            place = await (await connection.execute(MEANT_FOR, [sender.environment_id])).fetchone()
        try:
            async with self._unpacking:
                understood = await asyncio.to_thread(self._understand, body, noise, place or ("", ""))
        except BadDocument as error:
            return problem(400, f"This is no deployment: {error}.")
        return await self._keep(sender, understood)

    def _understand(self, body: bytes, noise: list[Noise], place: tuple[str, str]) -> Understood:
        document = unpack(body)
        _check_place(document, place)
        return understand(document, noise, redaction_key(self._hooks.secret))

    async def _keep(self, sender: Sender, understood: Understood) -> Response:
        now, run = datetime.now(UTC), understood.run
        parsed = Parsed((), runs=(run,))
        received = Received(sender, now, understood.body, parsed, record=understood.record)
        try:
            signal = await self._hooks.intake.commits.submit(received)
        except psycopg.Error as error:
            if is_the_databases(error):
                raise
            # sent again it would be refused again: its sender must not wait for it
            return problem(400, f"This deployment can't be kept: {error.diag.message_primary}.")
        told = {"signal": signal, "outcome": run.outcome, "trigger": run.trigger, "reason": run.reason}
        return Response(msgspec.json.encode(told), 202, media_type="application/json")


def _check_place(document: Document, place: tuple[str, str]) -> None:
    """Raises BadDocument for what was meant for another place than the one this source is of."""
    for what, meant, here in zip(
        ("project", "environment"), (document.project, document.environment), place, strict=True
    ):
        if meant and meant != here:
            raise BadDocument(f"it was meant for {what} {meant}, and this address is that of {'/'.join(place)}")

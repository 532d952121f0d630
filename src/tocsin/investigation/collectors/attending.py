"""The life of an agent inside a cluster: ask the server for work, look, bring what was seen, ask again."""

from __future__ import annotations

import asyncio
import gzip
import logging
import random
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tocsin.ground.outbound import Answer, Outbound, OutboundError, outbound
from tocsin.investigation.collectors.kubernetes.client import connect
from tocsin.investigation.collectors.kubernetes.collect import Also, collect
from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable
from tocsin.investigation.collectors.kubernetes.journal import Journal
from tocsin.investigation.collectors.kubernetes.watching import Watching
from tocsin.investigation.collectors.reading import nothing

log = logging.getLogger(__name__)

# The server holds a call without work for 25 s.
_ASK_S, _BRING_S = 60.0, 60.0
_LONGEST_PAUSE_S = 60.0
# So many looks at the same time; what is left of a look's time when it has to be on its way.
_AT_ONCE = 2
_FOR_THE_WAY = 0.9
_BRINGS = 4


class Refused(Exception):
    """The server does not know this agent: going on makes no sense. The message is one line."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask for work. The token is read anew for each call, so it may be replaced under way."""

    url: str
    token_file: Path

    def headers(self) -> dict[str, str]:
        """Who we are. Raises OutboundError when the token can't be read."""
        try:
            return {"Authorization": f"Bearer {self.token_file.read_text().strip()}"}
        except OSError as error:
            raise OutboundError(f"{self.token_file}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Sight:
    """How an agent looks at its cluster: by the service account of its pod unless a kubeconfig is named."""

    kubeconfig: str = ""
    context: str = ""
    prometheus: str = ""
    secret_metadata: bool = False
    probe: bool = False
    watch: bool = False


class _Work(msgspec.Struct):
    """As the server words it."""

    id: int
    alert: dict[str, Any]
    timeout_s: float


async def attend(server: Server, sight: Sight) -> None:
    """Works until it is cancelled. Raises Refused."""
    # Equal secrets look equal in what one agent sends; the server redacts under its own key again.
    key = secrets.token_bytes(32)
    journal = Journal(key) if sight.watch else None
    async with outbound([server.url]) as door, asyncio.TaskGroup() as group:
        if journal is not None:
            watching = Watching(journal, kubeconfig=sight.kubeconfig or None, context=sight.context or None)
            group.create_task(watching.forever())
        for _ in range(_AT_ONCE):
            group.create_task(_Calling(door, server, sight, key, journal).forever())


class _Calling:
    """One line of calls: one piece of work after the other."""

    def __init__(self, door: Outbound, server: Server, sight: Sight, key: bytes, journal: Journal | None) -> None:
        self._door = door
        self._server = server
        self._sight = sight
        self._key = key
        self._also = Also(sight.secret_metadata, sight.prometheus, sight.probe, journal)

    async def forever(self) -> None:
        pause_s = 1.0
        while True:
            try:
                if (work := await self._ask()) is not None:
                    await self._bring(work, await self._snapshot(work))
                pause_s = 1.0
            except OutboundError as error:
                log.warning("%s; trying again", error)
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311  # so that not all come at once
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _ask(self) -> _Work | None:
        answer = await self._send("GET", "/agent/work", None, _ASK_S)
        if answer.status == 204:
            return None
        if answer.status != 200:
            raise OutboundError(f"the server answers {answer.status}", is_temporary=True)
        try:
            return msgspec.json.decode(answer.body, type=_Work)
        except msgspec.DecodeError as error:
            raise OutboundError(f"what {self._server.url} asks for can't be read: {error}") from error

    async def _snapshot(self, work: _Work) -> bytes:
        """What is seen. An unreachable cluster is seen too: as a gap."""
        sight, now = self._sight, datetime.now(UTC)
        began = asyncio.get_running_loop().time()
        try:
            async with connect(
                sight.kubeconfig or None, sight.context or None, in_cluster=not sight.kubeconfig
            ) as client:
                limit_s = work.timeout_s * _FOR_THE_WAY
                seen = await collect(client, work.alert, now=now, timeout_s=limit_s, key=self._key, also=self._also)
        except ClusterUnreachable as error:
            seen = nothing(work.alert, now, str(error), self._key)
        took_s = asyncio.get_running_loop().time() - began
        log.info("looked for request %s in %.1f s: %d KiB", work.id, took_s, len(seen) >> 10)
        return seen

    async def _bring(self, work: _Work, snapshot: bytes) -> None:
        """Sends it, again when the way is broken: the server keeps it once."""
        body = await asyncio.to_thread(gzip.compress, snapshot, 6)
        for attempt in range(1, _BRINGS + 1):
            try:
                answer = await self._send("POST", f"/agent/work/{work.id}", body, _BRING_S)
            except OutboundError:
                if attempt == _BRINGS:
                    raise
            else:
                if answer.status < 500:
                    break
            await asyncio.sleep(attempt)
        if answer.status == 413:
            why = f"what was seen is more than the server takes: {len(body) >> 20} MiB, gzipped"
            small = nothing(work.alert, datetime.now(UTC), why, self._key)
            answer = await self._send("POST", f"/agent/work/{work.id}", gzip.compress(small), _BRING_S)
        if answer.status not in {200, 204}:
            log.warning("the server did not keep request %s: it answers %s", work.id, answer.status)

    async def _send(self, method: str, path: str, body: bytes | None, timeout_s: float) -> Answer:
        url = self._server.url + path
        answer = await self._door.request(method, url, headers=self._server.headers(), body=body, timeout_s=timeout_s)
        if answer.status == 401:
            raise Refused(
                f"{self._server.url} does not know this token; `tocsin cluster set … --agent` makes a new one"
            )
        return answer

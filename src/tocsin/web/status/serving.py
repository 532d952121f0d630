"""Status pages over HTTP, from memory: as fast as a file, and as they were last when the database is away.

Each web process looks at what there is to say every two seconds and makes its own bytes; these are the same everywhere, since
the time in them is the full minute's. The last ones are kept on disk too, for a process that starts while the database is away.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path

import msgspec
from django.db import DatabaseError, connections
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tocsin.web.status.documents import HTML, Document
from tocsin.web.status.html import POLICY

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
# Caches may keep it for half a minute, and show an old one for a day where we don't answer.
CACHE = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}
Documents = dict[str, Document]


class StatusPages:
    """The documents of all public status pages, by their paths."""

    def __init__(self, kept: Path, stamp: Callable[[], Hashable], render: Callable[[], Documents]) -> None:
        """`kept` is where the last documents are kept; `stamp` changes when `render` would give others."""
        self._kept = kept
        self._stamp, self._render = stamp, render
        self._seen: Hashable = None
        self._documents = _read(kept)

    async def run(self) -> None:
        """Keeps the documents up to date until cancelled; while the database is away they stay as they are."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except (DatabaseError, PoolTimeout, OSError) as error:
                log.warning("status pages stay as they are: %s", error)
            except Exception:  # outermost loop: whatever it was, pages must not stay as they are for ever after
                log.exception("a status page could not be made; it stays as it is")
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """Makes the documents anew where they would be others."""
        try:
            stamp = self._stamp()
            if stamp == self._seen:
                return
            made = self._render()
        finally:
            connections.close_all()  # back to the pool: this thread may not look again
        if made != self._documents:
            _write(self._kept, made)
        self._documents, self._seen = made, stamp

    def answer(self, request: Request) -> Response:
        """GET or HEAD of a page or a document below it: 200, 304 where the reader has it, 404 where nothing is public."""
        found = (self._documents or {}).get(request.scope["path"].rstrip("/"))
        if found is not None:
            return _answer(found, request.headers.get("accept-encoding", ""), request.headers.get("if-none-match", ""))
        if self._documents is None:
            return PlainTextResponse("This page can't be shown yet. Try again.\n", 503, {"Retry-After": "5", **_SAFE})
        return PlainTextResponse("There is no such page.\n", 404, {"Cache-Control": "public, max-age=10", **_SAFE})


def _answer(found: Document, encodings: str, known: str) -> Response:
    packs = "gzip" in encodings
    tag = f'"{found.tag}-gzip"' if packs else f'"{found.tag}"'
    headers = {"ETag": tag, "Cache-Control": CACHE, **_SAFE}
    if found.content_type == HTML:
        headers["Content-Security-Policy"] = POLICY
    else:
        headers["Access-Control-Allow-Origin"] = "*"  # public, and without anything that a reader's browser adds
    if found.tag in known or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    if packs:
        headers["Content-Encoding"] = "gzip"
    return Response(found.packed if packs else found.body, 200, headers, found.content_type)


def _read(path: Path) -> Documents | None:
    """What was kept last; None where there is nothing, or nothing that can be read."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Documents)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
        log.warning("the status pages kept in %s can't be read: %s", path, error)
        return None


def _write(path: Path, made: Documents) -> None:
    """Keeps the documents, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.msgpack.encode(made))
    Path(name).replace(path)

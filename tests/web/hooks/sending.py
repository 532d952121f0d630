"""Requests to the hooks, through their ASGI routes, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.applications import Starlette
from starlette.types import Message

from tocsin.ground.database import conninfo
from tocsin.web.hooks.compatibility import routes
from tocsin.web.hooks.database import connect
from tocsin.web.hooks.routes import Hooks
from tocsin.web.hooks.subscriptions import Fetch, fetch

SECRET = "a secret for this test alone"
Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass(frozen=True)
class Sent:
    """One request; without a body the sender hangs up in the middle of it; a `stalled` one never sends all of it."""

    path: str
    body: bytes | None = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    stalled: bool = False


async def one(app: Starlette, sent: Sent) -> Answer:
    """Status, decoded body and headers of the answer."""
    messages: list[Message] = []

    async def receive() -> Message:
        if sent.body is None:
            return {"type": "http.disconnect"}
        if sent.stalled:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    raw_path, _, query = sent.path.partition("?")
    raw = [(name.lower().encode(), value.encode()) for name, value in sent.headers.items()]
    scope = {
        "type": "http",
        "method": sent.method,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "headers": raw,
    }
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    body = messages[1]["body"]
    is_json = "json" in headers.get("content-type", "")
    return messages[0]["status"], msgspec.json.decode(body) if is_json else {"text": body.decode()}, headers


def send_all(
    sent: list[Sent], database: str | None = None, fetched: Fetch = fetch, in_turn: bool = False
) -> list[Answer]:
    """What is answered to requests that arrive together, or one after the other; `fetched` stands for Amazon."""

    async def story() -> list[Answer]:
        pool = await connect(2, database or conninfo())
        hooks = Hooks(pool, SECRET, timedelta(minutes=5), fetch=fetched)
        app = Starlette(routes=routes())
        app.state.hooks = hooks
        running = [asyncio.create_task(one) for one in (hooks.intake.commits.run(), hooks.repeats.confirmations.run())]
        if in_turn:
            answers = [await one(app, request) for request in sent]
        else:
            answers = await asyncio.gather(*(one(app, request) for request in sent))
        for task in running:
            task.cancel()
        if database is None:
            await hooks.limits.write_down(pool)
            await hooks.repeats.write_down()
        await pool.close(timeout=0 if database else 5)
        return answers

    return asyncio.run(story())


def send(*sent: Sent) -> Answer:
    """The answer to the last of some requests, one after the other."""
    return send_all(list(sent), in_turn=True)[-1]

"""Bodies of requests have a bound."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from tocsin.web.bodies import Bounded


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with how much came; with 499 where the sender went."""
    try:
        size = len(await Request(scope, receive).body())
    except ClientDisconnect:
        await PlainTextResponse("gone", 499)(scope, receive, send)
        return
    await PlainTextResponse(str(size))(scope, receive, send)


def answer(*parts: bytes, announced: bool = True) -> tuple[int, bytes]:
    """Status and body of what a program that is bounded to ten bytes answers."""
    length = [(b"content-length", str(sum(map(len, parts))).encode())] if announced else []
    coming: Iterator[Message] = iter(
        {"type": "http.request", "body": part, "more_body": at < len(parts)} for at, part in enumerate(parts, 1)
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": length}
    asyncio.run(Bounded(echo, 10)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_what_is_within_the_bound_comes_whole() -> None:
    assert answer(b"12345", b"67890") == (200, b"10")
    assert answer(b"12345", b"67890", announced=False) == (200, b"10")


def test_more_is_refused_before_it_is_read() -> None:
    status, body = answer(b"12345", b"678901")
    assert status == 413
    assert b"too much" in body


def test_more_that_was_not_announced_is_cut_off() -> None:
    assert answer(b"12345", b"678901", announced=False)[0] == 499

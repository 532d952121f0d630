"""Answers that are packed."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from tocsin.web.compression import SMALLEST, compressed


def answer(body: bytes, content_type: bytes = b"text/html") -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of an application that writes its headers as Django does."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"Content-Type", content_type), (b"Content-Length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def ask() -> None:
        await compressed(application)({"type": "http", "headers": [(b"accept-encoding", b"gzip")]}, receive, send)

    asyncio.run(ask())
    return sent[0]["headers"], sent[1]["body"]


def test_a_page_is_packed_and_says_its_length_once() -> None:
    headers, body = answer(b"a" * SMALLEST)
    assert gzip.decompress(body) == b"a" * SMALLEST
    assert (b"content-encoding", b"gzip") in headers
    assert [value for name, value in headers if name.lower() == b"content-length"] == [str(len(body)).encode()]


@pytest.mark.parametrize(
    ("size", "content_type"),
    [(SMALLEST - 1, b"text/html"), (SMALLEST, b"text/event-stream"), (SMALLEST, b"image/png")],
)
def test_what_is_short_streamed_or_packed_already_stays_as_it_is(size: int, content_type: bytes) -> None:
    headers, body = answer(b"a" * size, content_type)
    assert body == b"a" * size
    assert b"content-encoding" not in dict(headers)

"""The body of a request, read in full but not without bound."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.web.problems import problem


async def bounded_body(request: Request, most: int) -> bytes | None:
    """The whole body, or None when it has more than `most` bytes. Raises ClientDisconnect: the sender went before its end."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


class Bounded:
    """An application that is handed no body of more than `most` bytes.

    Django keeps a body on the disk before it asks who sends it: without a bound anybody could fill that.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413 where more is announced. Where more comes than was announced, or that was not, the sender is cut off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > self._most:
            detail = f"That is too much: {self._most // 2**20} MB at most."
            await problem(413, detail, {"Connection": "close"})(scope, receive, send)
            return
        size = 0

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            return message if size <= self._most else {"type": "http.disconnect"}

        await self._app(scope, bounded, send)

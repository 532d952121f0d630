"""The body of a request, read in full but not without bound."""

from __future__ import annotations

from starlette.requests import Request


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

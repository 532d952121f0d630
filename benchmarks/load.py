"""A small HTTP load generator: a few keep-alive connections, one request after the other on each, latencies noted.

It speaks just enough HTTP/1.1 to cost little: on two cores a heavy client would measure itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop

_LENGTH = b"content-length:"


@dataclass(slots=True)
class Outcome:
    """What a run saw: latencies in seconds, counts by HTTP status, how long it took, and the client's own processor time."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    client_seconds: float = 0.0

    def quantile(self, share: float) -> float:
        """A latency in milliseconds; `share` is 0.5 for the median."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def request(host: str, path: str, body: bytes) -> bytes:
    """The bytes of one POST."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """Sends the next request when the last is answered; `done` when there is none left, or the server hung up."""

    def __init__(self, requests: Iterator[bytes], outcome: Outcome) -> None:
        self._requests, self._outcome = requests, outcome
        self._began, self._answer = 0.0, b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        status = _complete(self._answer)
        if status:
            self._answer = b""
            self._outcome.latencies.append(time.perf_counter() - self._began)
            self._outcome.statuses[status] = self._outcome.statuses.get(status, 0) + 1
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))

    def _send(self) -> None:
        raw = next(self._requests, None)
        if raw is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(raw)


def _complete(answer: bytes) -> int:
    """The status of an answer that is all there; 0 for one of which more must come."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = answer[:end].lower() + b"\r"
    start = head.find(_LENGTH) + len(_LENGTH)
    length = (
        int(head[start : head.index(b"\r", start)]) if _LENGTH in head else 0
    )  # 304 has no body, and says no length
    return int(answer[9:12]) if len(answer) >= end + 4 + length else 0


async def _run(host: str, port: int, requests: Iterator[bytes], connections: int, outcome: Outcome) -> None:
    loop = asyncio.get_running_loop()
    began, used = time.perf_counter(), time.process_time()
    made = [
        await loop.create_connection(lambda: _Connection(requests, outcome), host, port) for _ in range(connections)
    ]
    await asyncio.gather(*(connection.done for _, connection in made))
    outcome.seconds, outcome.client_seconds = time.perf_counter() - began, time.process_time() - used


def run(host: str, port: int, requests: Iterator[bytes], connections: int) -> Outcome:
    """Sends all of `requests` over that many connections, which share the iterator. Raises OSError."""
    outcome = Outcome()
    uvloop.run(_run(host, port, requests, connections, outcome))
    return outcome

"""A small HTTP load generator: a few keep-alive connections, one request after the other on each, latencies noted.

It speaks just enough HTTP/1.1 to cost little: on two cores a heavy client would measure itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What a run saw: latencies in seconds, counts by HTTP status, and how long it took."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

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


async def _one_connection(host: str, port: int, requests: Iterator[bytes], outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for raw in requests:
        began = time.perf_counter()
        writer.write(raw)
        status = await _answer(reader)
        outcome.latencies.append(time.perf_counter() - began)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    start = lower.index(b"content-length:") + len(b"content-length:")
    await reader.readexactly(int(lower[start : lower.index(b"\r", start)]))
    return int(head[9:12])


async def run(host: str, port: int, requests: Iterator[bytes], connections: int) -> Outcome:
    """Sends all of `requests` over that many connections, which share the iterator."""
    outcome = Outcome()
    began = time.perf_counter()
    await asyncio.gather(*(_one_connection(host, port, requests, outcome) for _ in range(connections)))
    outcome.seconds = time.perf_counter() - began
    return outcome

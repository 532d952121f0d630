"""How many readers can the public status page bear, and is it there while the database is not?

    python -m benchmarks.status_page [--requests N] [--connections N] [--components N]

Starts a Tocsin of its own in a temporary folder, publishes a page with an incident and components, and asks for it: whole,
compressed, and with the version that the reader has. Then it holds the supervisor still, kills the database and asks again.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from tests.stories.published import publish
from tests.stories.running import Tocsin, tocsin, until

from benchmarks.crash import database_pid
from benchmarks.load import run


def asking(host: str, *headers: str) -> bytes:
    """The bytes of one GET."""
    return "\r\n".join(["GET /status HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode()


def measure(server: Tocsin, requests: int, connections: int, when: str) -> None:
    """Asks in three ways and prints what was answered."""
    address = urlsplit(server.address)
    assert address.hostname
    assert address.port
    with urllib.request.urlopen(f"{server.address}/status") as answer:
        tag, size = answer.headers["ETag"], len(answer.read())
    ways = {
        f"whole, {size:,} bytes": asking(address.netloc),
        "compressed": asking(address.netloc, "Accept-Encoding: gzip"),
        "known to the reader": asking(address.netloc, f"If-None-Match: {tag}"),
    }
    for way, raw in ways.items():
        seen = run(address.hostname, address.port, itertools.repeat(raw, requests), connections)
        rate, mine = len(seen.latencies) / seen.seconds, seen.client_seconds / seen.seconds
        print(
            f"{when:<18} {way:<22} {rate:>6.0f}/s  p50 {seen.quantile(0.5):.1f} ms  p95 {seen.quantile(0.95):.1f} ms  "
            f"{seen.statuses}  client {mine:.0%} of a processor"
        )


def main() -> None:
    """Runs it as said on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--components", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tocsin(Path(folder) / "data") as server:
        server.post(server.source("generic"), {"title": "Checkout is down", "labels": {"service": "checkout"}})
        until(lambda: server.rows("SELECT id FROM incidents_incident"), "an incident to open")
        publish(server, asked.components)
        until(lambda: b"Checkout fails" in _page(server), "the page to be shown")
        measure(server, asked.requests, asked.connections, "all well")
        server.process.send_signal(signal.SIGSTOP)
        try:
            os.kill(database_pid(server), signal.SIGKILL)
            measure(server, asked.requests, asked.connections, "no database")
        finally:
            server.process.send_signal(signal.SIGCONT)


def _page(server: Tocsin) -> bytes:
    try:
        with urllib.request.urlopen(f"{server.address}/status") as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError:
        return b""


if __name__ == "__main__":
    main()

"""A program outside, as the demonstration needs one: it hears webhooks on this machine, and is down when the first one comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def receiving() -> Iterator[str]:
    """Listens while the block runs; its address. The first request is answered 503, so that a retry can be seen."""
    is_up = threading.Event()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(204 if is_up.is_set() else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()
            is_up.set()

        def log_message(self, *_: object) -> None:
            """Nothing is written: the demonstration's own lines are what is to be read."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/events"
    finally:
        server.shutdown()
        server.server_close()

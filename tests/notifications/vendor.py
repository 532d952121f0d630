"""Fake vendors that listen on this machine: one for HTTP, one for mail. What they were sent can be looked at."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass
class Vendor:
    """Answers with what `answers` holds, in turn, the last again and again: status, body, headers; after `slow_s` seconds.

    One that `hangs_up` does so instead of answering.
    """

    url: str = ""
    port: int = 0
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=lambda: [(200, b"ok", {})])
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    slow_s: float = 0.0
    hangs_up: bool = False

    def answer(self) -> tuple[int, bytes, dict[str, str]]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def bodies(self) -> list[Any]:
        return [msgspec.json.decode(body) for _, _, body in self.heard]


@contextmanager
def http_vendor(port: int = 0) -> Iterator[Vendor]:
    """A vendor over HTTP, at a port that is free, or at this one."""
    vendor = Vendor()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            vendor.times.append(time.time())
            vendor.heard.append((self.path, dict(self.headers), body))
            time.sleep(vendor.slow_s)
            if vendor.hangs_up:
                return
            status, said, headers = vendor.answer()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Desk)
    vendor.port, vendor.url = server.server_port, f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Post:
    """A mail server: `refuses` is what it says to recipients instead of taking them; while `is_mute` it says nothing."""

    port: int = 0
    refuses: str = ""
    is_mute: bool = False
    mails: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[Post]:
    """A mail server that speaks as much SMTP as is needed."""
    post = Post()

    class Desk(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            while post.is_mute:
                time.sleep(0.02)
            self.say("220 post")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "QUIT":
                    return self.say("221 bye")
                if word == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    post.mails.append(b"".join(lines).decode())
                self.say(post.refuses if word == "RCPT" and post.refuses else "250 ok")
            return None

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Desk) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield post
        server.shutdown()

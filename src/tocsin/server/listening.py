"""The listening socket. The supervisor holds it, so that callers wait while the web process is started again."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

BACKLOG = 2048
ADDRESS_FILE = "address"


class ListenError(Exception):
    """The address can't be listened on; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes a free one. Raises ListenError: in use, not ours, not permitted."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem = (
                f"port {port} on {host} is in use: stop what listens there, or set TOCSIN_PORT (0 picks a free one)"
            )
        elif error.errno == errno.EACCES:
            problem = f"port {port} may not be used by this user: set TOCSIN_PORT to 1024 or above"
        else:
            problem = f"can't listen on {host} (TOCSIN_BIND): {error.strerror or error}"
        raise ListenError(problem) from error


def local_address(listening: socket.socket) -> str:
    """The bound address as a URL good on this machine, which stands in for a wildcard."""
    host, port = _reachable(listening)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextmanager
def announced(listening: socket.socket, data_dir: Path) -> Iterator[None]:
    """Keeps the bound address in the data folder meanwhile: commands that run apart can't know it from the settings."""
    file = data_dir / ADDRESS_FILE
    with suppress(OSError):  # where nothing can be kept, commands say that they guess
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(local_address(listening))
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()


def known_address(data_dir: Path, timeout: float) -> str:
    """Where the server of a data folder listens, if it answers there within `timeout` seconds; else nothing."""
    try:
        address = (data_dir / ADDRESS_FILE).read_text()
    except OSError:
        return ""
    parts = urlsplit(address)
    return address if _answers((parts.hostname or "", parts.port or 0), timeout) else ""


def _reachable(listening: socket.socket) -> tuple[str, int]:
    host, port = listening.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104  recognised, not bound


def is_healthy(listening: socket.socket, timeout: float) -> bool:
    """Whether the process behind the socket answers GET /healthz with 200 within `timeout` seconds."""
    return _answers(_reachable(listening), timeout)


def _answers(place: tuple[str, int], timeout: float) -> bool:
    # Spoken by hand: importing http.client would add 5 MB to the supervisor's 18.
    try:
        with socket.create_connection(place, timeout) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False

"""The listening socket: free ports, taken ones, and the address shown to people."""

from __future__ import annotations

import threading
from pathlib import Path
from socket import socket

import pytest

from tocsin.server.listening import ListenError, announced, is_healthy, known_address, listen, local_address


def answer(listening: socket, response: bytes) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(response)


def test_port_0_takes_a_free_one_and_shows_it() -> None:
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        assert port > 0
        assert local_address(listening) == f"http://127.0.0.1:{port}"


def test_a_wildcard_is_shown_as_this_machine() -> None:
    with listen("0.0.0.0", 0) as listening:
        assert local_address(listening).startswith("http://127.0.0.1:")


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ListenError, match=f"port {port} on 127.0.0.1 is in use: .* set TOCSIN_PORT"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ListenError, match=r"can't listen on 192\.0\.2\.1 \(TOCSIN_BIND\)"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("response", "healthy"), [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 500 No\r\n\r\n", False)]
)
def test_health_is_a_200(response: bytes, healthy: bool) -> None:
    with listen("127.0.0.1", 0) as listening:
        web = threading.Thread(target=answer, args=(listening, response))
        web.start()
        assert is_healthy(listening, timeout=5) is healthy
        web.join()


def test_silence_is_not_health() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert not is_healthy(listening, timeout=0.05)


def test_the_address_is_known_while_the_server_answers_and_no_longer(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as listening:
        with announced(listening, tmp_path / "data"):
            web = threading.Thread(target=answer, args=(listening, b"HTTP/1.1 200 OK\r\n\r\n"))
            web.start()
            assert known_address(tmp_path / "data", timeout=5) == local_address(listening)
            web.join()
            assert known_address(tmp_path / "data", timeout=0.05) == ""
        assert list((tmp_path / "data").iterdir()) == []
        assert known_address(tmp_path / "data", timeout=0.05) == ""

"""The same code on a PostgreSQL of one's own, in one piece and split into web and workers."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.running import TOCSIN, Tocsin, environment, tocsin, until
from tocsin.server.postgres import start_postgres

pytestmark = pytest.mark.story
BODY = {"title": "Pods down", "labels": {"namespace": "shop", "deployment": "cart"}}
REPORTS = "SELECT count(*) FROM investigation_storedreport"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of a PostgreSQL that is not the server's own."""
    running = start_postgres(tmp_path / "elsewhere")
    yield running.url
    running.stop()


def test_serve_on_an_external_database_starts_none_of_its_own(database: str, tmp_path: Path) -> None:
    with tocsin(tmp_path / "data", TOCSIN_DATABASE_URL=database) as server:
        assert server.post(server.source("generic"), BODY) == 202
        until(lambda: server.rows(REPORTS) == [(1,)], "the report")
        assert not (server.folder / "postgres").exists()


def test_web_and_two_workers_apart_do_each_job_once(database: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = environment(tmp_path / "data", TOCSIN_DATABASE_URL=database, TOCSIN_PORT=str(port))
    subprocess.run([*TOCSIN, "migrate"], env=environ, check=True)
    processes = [subprocess.Popen([*TOCSIN, part], env=environ) for part in ("web", "worker", "worker")]
    server = Tocsin(tmp_path / "data", environ, processes[0], f"http://127.0.0.1:{port}")
    try:
        path = server.source("generic")
        until(lambda: accepts(server), "the web process")
        for number in range(8):
            server.post(path, {**BODY, "labels": {"namespace": "shop", "deployment": f"cart-{number}x"}})
        until(lambda: server.rows(REPORTS) == [(8,)], "eight reports")
    finally:
        for process in processes:
            process.terminate()
    assert [process.wait(40) for process in processes] == [0, 0, 0]


def accepts(server: Tocsin) -> bool:
    try:
        return server.post("/hooks/generic/unknown", {}) == 404
    except OSError:
        return False

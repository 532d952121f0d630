"""A whole Tocsin for a story: `tocsin serve` in a folder of its own, spoken to as its users do."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from tocsin.server.postgres import running_url

TOCSIN = [sys.executable, "-c", "from tocsin.cli import main; main(prog_name='tocsin')"]
Value = TypeVar("Value")


def until(look: Callable[[], Value | None], what: str, seconds: float = 90) -> Value:
    """The first truthy answer of `look`; fails the test, naming `what`, when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:g} s for {what}")


@dataclass(slots=True)
class Tocsin:
    """A running server."""

    folder: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes]
    address: str

    def command(self, *arguments: str, stdin: str = "") -> str:
        """What a `tocsin` command prints."""
        done = subprocess.run(
            [*TOCSIN, *arguments], env=self.environ, input=stdin, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    def source(self, kind: str, environment: str = "shop/production") -> str:
        """The path of a new source's webhook."""
        made = json.loads(self.command("source", "add", kind, environment, "--output", "json"))
        return f"/hooks/{kind}/{made['token']}"

    def post(self, path: str, body: Any) -> int:
        """The status of a POST."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, raw, {"Content-Type": "application/json"}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows straight from its database."""
        url = self.environ.get("TOCSIN_DATABASE_URL") or running_url(self.folder)
        assert url is not None, "the database is not running"
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()

    def processes(self) -> list[int]:
        """The pids of everything it started, itself first."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [self.process.pid, *map(int, children.stdout.split())]

    def worker(self) -> int:
        """The worker's pid, once there is one."""
        return until(self._worker, "a worker to run", 60)  # after many quick deaths it is held back

    def _worker(self) -> int | None:
        for pid in self.processes()[1:]:
            with suppress(FileNotFoundError):  # it may end while we look
                if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                    return pid
        return None

    def kill(self) -> None:
        """Kills the server itself with SIGKILL, as a power cut would; its children follow it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def server_address(process: subprocess.Popen[bytes], log: Path) -> str:
    def look() -> str | None:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        found = re.search(r"http://[\d.:]+", log.read_text())
        return found[0] if found else None

    return until(look, f"the server's address in {log}", 120)


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a Tocsin with these settings alone."""
    folder.mkdir(parents=True, exist_ok=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "DJANGO_"))}
    return environ | {"TOCSIN_DATA_DIR": str(folder), "TOCSIN_PORT": "0"} | settings


@cache
def _once_started() -> Path:
    """A data folder as a first start leaves it: made once, since making the tables takes longer than most stories."""
    folder = Path(tempfile.mkdtemp(prefix="tocsin-first-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o711)  # PostgreSQL's user can pass, so that the database is kept there and not elsewhere
    subprocess.run([*TOCSIN, "user", "list"], env=environment(folder / "data"), check=True, capture_output=True)
    return folder / "data"


def furnish(folder: Path) -> None:
    """Makes a new data folder one that was started before; one that was keeps what it has."""
    if not (folder / "postgres").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", f"{_once_started()}/.", folder], check=True)  # with the owners of its files
        (folder / "postgres" / "socket").unlink()  # one of its own


def start(folder: Path, **settings: str) -> Tocsin:
    """Starts `tocsin serve` on a data folder; returns when it answers."""
    if "TOCSIN_DATABASE_URL" not in settings:
        furnish(folder)
    environ = environment(folder, **settings)
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen([*TOCSIN, "serve"], env=environ, stdout=output, stderr=output)
    try:
        return Tocsin(folder, environ, process, server_address(process, log))
    except AssertionError:  # nobody would stop it any more
        process.kill()
        process.wait()
        raise


@contextmanager
def tocsin(folder: Path, **settings: str) -> Iterator[Tocsin]:
    """A running server, stopped afterwards."""
    running = start(folder, **settings)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
        running.process.wait(60)

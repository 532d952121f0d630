"""`tocsin serve`: PostgreSQL, web and worker as processes of their own, started in order, watched, stopped in order."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType

from tocsin.server.children import Child, Program
from tocsin.server.config import Config
from tocsin.server.console import Console
from tocsin.server.listening import ListenError, announced, is_healthy, listen, local_address
from tocsin.server.postgres import PostgresError, RunningPostgres, start_postgres

TICK = 0.25  # seconds between two looks at the processes; output cuts it short
HEALTH_TIMEOUT = 1.0
WEB_GRACE, WORKER_GRACE = 10.0, 30.0  # seconds to finish what they are at

OnReady = Callable[[str], None]


class ServeError(Exception):
    """The server ends; the message says why."""


class _StopRequested(Exception):
    """SIGTERM or SIGINT."""


@dataclass(frozen=True, slots=True)
class Programs:
    """What the supervisor runs: `migrate` to its end, then `services` for as long as it lives."""

    migrate: Program
    services: tuple[Program, ...]


def tocsin_command(*arguments: str) -> tuple[str, ...]:
    """The argument list of this very tocsin."""
    return (sys.executable, "-P", "-c", "from tocsin.cli import main; main(prog_name='tocsin')", *arguments)


def tocsin_programs(config: Config, database_url: str, listening: socket.socket) -> Programs:
    """Tocsin's own processes. Their settings are those of our environment, with the address and port now known."""
    port = str(listening.getsockname()[1])
    environ = {**os.environ, "TOCSIN_DATA_DIR": str(config.data_dir), "TOCSIN_PORT": port, "PYTHONUNBUFFERED": "1"}
    if not (config.database_url and "TOCSIN_DATABASE_URL_FILE" in environ):  # an address kept in a file stays there
        environ["TOCSIN_DATABASE_URL"] = database_url
    fd = listening.fileno()
    return Programs(
        Program("migrate", tocsin_command("migrate"), environ),
        (
            Program("web", tocsin_command("web", "--fd", str(fd)), environ, grace=WEB_GRACE, fds=(fd,)),
            Program("worker", tocsin_command("worker"), environ, grace=WORKER_GRACE),
        ),
    )


ProgramsFor = Callable[[Config, str, socket.socket], Programs]


def serve(
    config: Config,
    *,
    on_ready: OnReady | None = None,
    console: Console | None = None,
    programs_for: ProgramsFor = tocsin_programs,
) -> int:
    """Runs everything until SIGTERM or SIGINT; returns the exit status: 0 after a clean stop, 1 failed, 2 bad settings.

    Call it from the main thread. Once the web process answers, `on_ready` gets the local address,
    `http://127.0.0.1:8420`, in a thread of its own.
    """
    console = console or Console()
    try:
        Supervisor(config, console, programs_for).run(on_ready)
    except _StopRequested:
        return 0
    except ListenError as error:
        console.failure(str(error))
        return 2
    except (ServeError, PostgresError) as error:
        console.failure(str(error))
        return 1
    return 0


@dataclass(slots=True)
class Supervisor:
    """The processes of one server. Only `run` is meant to be called, once."""

    config: Config
    console: Console
    programs_for: ProgramsFor
    postgres: RunningPostgres | None = None
    children: list[Child] = field(default_factory=list)
    stop_requests: int = 0
    interruptible: bool = False

    def run(self, on_ready: OnReady | None) -> None:
        """Starts, watches, stops. Raises ServeError, PostgresError, ListenError, _StopRequested."""
        with ExitStack() as cleanup:
            cleanup.enter_context(self._signals())
            listening = cleanup.enter_context(listen(self.config.bind, self.config.port))
            cleanup.enter_context(announced(listening, self.config.data_dir))
            cleanup.callback(self._stop)
            programs = self.programs_for(self.config, self._database(), listening)
            self._migrate(programs.migrate)
            self.children = [Child(program, self.console.voice(program.name)) for program in programs.services]
            self.console.stage(f"starting {' and '.join(program.name for program in programs.services)}")
            self._watch_until(lambda: is_healthy(listening, HEALTH_TIMEOUT))
            address = local_address(listening)
            public = self.config.public_url
            self.console.ready(f"ready: {f'{public} (listening on {address})' if public else address}")
            if on_ready is not None:
                threading.Thread(target=on_ready, args=(address,), daemon=True).start()
            self._watch_until(lambda: False)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT ask for a stop; what they did before is restored at the end."""

        def stop(number: int, frame: FrameType | None) -> None:
            self.stop_requests += 1
            if self.interruptible:
                self.interruptible = False
                raise _StopRequested

        earlier = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, action in earlier.items():
                signal.signal(number, action)

    @contextmanager
    def _may_be_interrupted(self) -> Iterator[None]:
        """A stop request raises at once within: for steps that wait long and clean up after themselves."""
        if self.stop_requests:
            raise _StopRequested
        self.interruptible = True
        try:
            yield
        finally:
            self.interruptible = False

    def _database(self) -> str:
        """The database's address; the embedded one is started where no other is set."""
        if self.config.database_url:
            return self.config.database_url
        self.console.stage("starting PostgreSQL")
        self._start_postgres()
        assert self.postgres is not None
        return self.postgres.url

    def _start_postgres(self) -> None:
        with self._may_be_interrupted():
            self.postgres = start_postgres(self.config.data_dir, self.console.stage)

    def _migrate(self, program: Program) -> None:
        """Runs the migrations to their end. Raises ServeError with their last lines."""
        self.console.stage("bringing the database up to date")
        child = Child(program, lambda line: None)
        self.children = [child]
        child.start()
        while (status := child.ended()) is None:
            self._look()
        self.children = []
        if status:
            raise ServeError(_obituary(child, f"{program.name} failed (status {status})"))

    def _look(self) -> None:
        """Waits for a while, passing on what the processes say. Raises _StopRequested."""
        self._wait()
        if self.stop_requests:
            raise _StopRequested

    def _wait(self) -> None:
        with selectors.DefaultSelector() as selector:
            for child in self.children:
                if child.talks:
                    selector.register(child.output, selectors.EVENT_READ, child)
            if not selector.get_map():
                time.sleep(TICK)
                return
            for key, _ in selector.select(TICK):
                key.data.pass_on()

    def _watch_until(self, done: Callable[[], bool]) -> None:
        """Keeps all processes running until `done`. Raises ServeError, PostgresError, _StopRequested."""
        while True:
            self._revive_postgres()
            for child in self.children:
                self._revive(child)
            self._look()
            if done():
                return

    def _revive(self, child: Child) -> None:
        status = child.ended()
        if status is not None:
            if child.restarts.hopeless:
                raise ServeError(_obituary(child, f"{child.program.name} keeps failing (status {status})"))
            self.console.stage(
                f"{child.program.name} ended (status {status}), starting it again in {child.restarts.delay:g} s"
            )
        if child.due is not None and time.monotonic() >= child.due:
            child.start()

    def _revive_postgres(self) -> None:
        if self.postgres is None or self.postgres.alive:
            return
        self.console.stage(f"PostgreSQL ended (status {self.postgres.process.returncode}), starting it again")
        url = self.postgres.url
        self.postgres.stop()
        self.postgres = None
        self._start_postgres()
        assert self.postgres is not None
        if self.postgres.url != url:
            raise ServeError("the folder of PostgreSQL's socket is gone, and its address with it: start Tocsin again")
        self.console.stage("PostgreSQL serves again")

    def _stop(self) -> None:
        """Web and worker first, which may finish what they are at; PostgreSQL last. A second request stops by force."""
        running = [child for child in self.children if child.process is not None]
        if not running and self.postgres is None:
            return
        self.console.stage("stopping")
        _signal_all(running, signal.SIGTERM)
        began, requests = time.monotonic(), self.stop_requests
        while running:
            for child in running:
                if time.monotonic() - began > child.program.grace or self.stop_requests > requests:
                    child.signal(signal.SIGKILL)
            self._wait()
            running = [child for child in running if child.ended() is None]
        if self.postgres is not None:
            self.postgres.stop()
        self.console.stage("stopped")


def _signal_all(children: Sequence[Child], number: int) -> None:
    for child in children:
        child.signal(number)


def _obituary(child: Child, what: str) -> str:
    return "\n  ".join([f"{what}:", *child.last_lines])

"""Two replicas of Tocsin on one PostgreSQL, web and worker each as a process, with clocks that a story moves."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from tests.stories.running import Tocsin, environment, furnish, server_address, until
from tocsin.server.postgres import RunningPostgres, start_postgres

PARTS = ("web", "web", "worker", "worker")
# By all clocks stories begin here: two days before Berlin's clocks are put forward, nine before those of Sydney are put back.
BEGINS = datetime.fromisoformat("2026-03-27T09:00:00+00:00")
# Of clock_timestamp(), which workers go by, the database finds the one in the public schema first.
CLOCK = """
CREATE TABLE story_clock (ahead interval);
CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM public.story_clock';
INSERT INTO story_clock SELECT timestamptz '{begins}' - pg_catalog.clock_timestamp();
ALTER DATABASE {database} SET search_path = public, pg_catalog;
"""


@dataclass
class Replica:
    """A web process or a worker, with a folder for its clock and its log."""

    part: str
    folder: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    ahead_s: float = field(default_factory=lambda: BEGINS.timestamp() - time.time())

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.start()

    @property
    def log(self) -> str:
        """What it wrote on standard error since its first start."""
        return (self.folder / "log").read_text()

    @property
    def lives(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def start(self) -> None:
        """Starts it, by the clock that it had."""
        (self.folder / "ahead").write_text(str(self.ahead_s))
        (self.folder / "followed").write_text("0.0")
        command = [sys.executable, "-m", "tests.stories.clocked", str(self.folder), self.part]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environ, stdout=log, stderr=log)

    def move(self, seconds: float) -> None:
        """Its own clock jumps, and that of nobody else."""
        self.ahead_s += seconds
        (self.folder / "next").write_text(str(self.ahead_s))
        (self.folder / "next").replace(self.folder / "ahead")

    def has_followed(self) -> bool:
        """Whether its clock is where it shall be."""
        said = (self.folder / "followed").read_text()
        return said != "" and float(said) == self.ahead_s

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As its supervisor would."""
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Replicas:
    """All of it. `first` and `second` are the two web processes, as a Tocsin to speak to."""

    folder: Path
    database: RunningPostgres
    replicas: list[Replica]
    first: Tocsin
    second: Tocsin

    @property
    def workers(self) -> list[Replica]:
        """The two workers."""
        return self.replicas[2:]

    def now(self) -> datetime:
        """The time by the database's clock."""
        [(at,)] = self.first.rows("SELECT clock_timestamp()")
        assert isinstance(at, datetime)
        return at.astimezone(UTC)

    def pass_time(self, minutes: float) -> None:
        """It gets later, for the database and for all processes."""
        passed = timedelta(minutes=minutes)
        for replica in self.replicas:
            replica.move(passed.total_seconds())
        until(lambda: all(each.has_followed() for each in self.replicas if each.lives), "the processes' clocks")
        self.first.rows("UPDATE story_clock SET ahead = ahead + %s RETURNING 1", passed)

    def restart_dead(self) -> None:
        """What was killed is started again, as its supervisor would."""
        for replica in self.replicas:
            if not replica.lives:
                replica.start()

    def restart_database(self) -> None:
        """It comes back where it was."""
        self.database = start_postgres(self.folder)


@contextmanager
def replicas(folder: Path) -> Iterator[Replicas]:
    """Two replicas, stopped afterwards."""
    with ExitStack() as at_end:
        furnish(folder)
        database = start_postgres(folder)
        at_end.callback(database.stop)
        environ = environment(folder, TOCSIN_DATABASE_URL=database.url)
        with psycopg.connect(database.url, autocommit=True) as connection:
            clock = CLOCK.format(begins=BEGINS, database=connection.info.dbname)
            connection.execute(clock.encode())
        started = [Replica(part, folder / f"{part}-{number}", environ) for number, part in enumerate(PARTS)]
        at_end.callback(_stop, started)
        webs = [(web.process, server_address(web.process, web.folder / "log")) for web in started[:2]]
        first, second = (Tocsin(folder, environ, *web) for web in webs)
        whole = Replicas(folder, database, started, first, second)
        at_end.callback(lambda: whole.database.stop())  # as often as it was started
        at_end.callback(_stop, started)
        yield whole


def _stop(replicas: list[Replica]) -> None:
    stopping = [threading.Thread(target=replica.stop) for replica in replicas if replica.lives]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()

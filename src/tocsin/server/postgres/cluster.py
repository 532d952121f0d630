"""Makes a new cluster, whole or not at all, and writes its configuration."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.server.launch import launch_command
from tocsin.server.postgres.binaries import MAJOR
from tocsin.server.postgres.configuration import NEW_CLUSTER_SQL, PG_HBA_CONF, POSTGRESQL_CONF, SUPERUSER, ident_conf
from tocsin.server.postgres.errors import PostgresError
from tocsin.server.postgres.folder import give_to
from tocsin.server.postgres.identity import Identity

# nothing of our own environment: it may contain secrets
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs, as whom they run, and the lock that they inherit."""

    binaries: Path
    identity: Identity
    lock: int

    def run(self, program: str, *arguments: str, stdin: str = "") -> None:
        """Runs one to its end. Raises PostgresError with the last lines of what it said."""
        command = self.command(program, *arguments, death_signal=signal.SIGKILL)
        ended = subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd="/", env=ENVIRONMENT, pass_fds=[self.lock],
            start_new_session=True, check=False,
        )  # fmt: skip
        said = (ended.stderr.strip() or ended.stdout.strip()).splitlines()
        # single-user mode ends with status 0 after an error in a statement
        if ended.returncode or any(" ERROR: " in line or " FATAL: " in line for line in said):
            raise PostgresError(f"{program} failed: {' / '.join(said[-4:])}")

    def command(self, program: str, *arguments: str, death_signal: int, watch_fd: int | None = None) -> list[str]:
        """The argument list that starts one."""
        argv = [str(self.binaries / program), *arguments]
        return launch_command(argv, death_signal=death_signal, user=self.identity.user, watch_fd=watch_fd)


def make_cluster(home: Path, programs: Programs) -> None:
    """Makes `data` in the home; what an interrupted attempt left is removed. Raises PostgresError, OSError."""
    new = home / "new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    give_to(new, programs.identity)
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    where = ("-D", str(new), "-U", SUPERUSER, "--auth-local=peer", "--auth-host=reject", "--no-instructions")
    programs.run("initdb", *where, *locale)
    single: Sequence[str] = ("--single", "-D", str(new), "template1")
    programs.run("postgres", *single, stdin=NEW_CLUSTER_SQL)
    new.rename(home / "data")


def check_major_version(data: Path) -> None:
    """Raises PostgresError where the cluster was made by another major version than ours."""
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise PostgresError(
            f"the database in {data} is of PostgreSQL {found}, this Tocsin carries PostgreSQL {MAJOR}: "
            "dump it with the Tocsin version that made it, move it away, start this version and restore the dump"
        )


def write_configuration(data: Path, identity: Identity) -> None:
    """Writes our three files over those that are there."""
    files = {"postgresql.conf": POSTGRESQL_CONF, "pg_hba.conf": PG_HBA_CONF, "pg_ident.conf": ident_conf(identity.peer)}
    for name, text in files.items():
        (data / name).write_text(text)

"""Starts the embedded database of a data folder: as whom, with which programs, and from any state."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from tocsin.server.postgres.binaries import check_version, copied_binaries, wheel_binaries
from tocsin.server.postgres.cluster import Programs, check_major_version, make_cluster, write_configuration
from tocsin.server.postgres.errors import PostgresError, in_use
from tocsin.server.postgres.folder import HeldError, database_home, give_to, take_lock
from tocsin.server.postgres.identity import Identity, choose_identity
from tocsin.server.postgres.progress import TELL_EVERY, Progress
from tocsin.server.postgres.server import PATIENCE, RunningPostgres, postmaster_pid, serve
from tocsin.server.postgres.sockets import RECORD, SOCKET, address, socket_folder


def start_postgres(
    data_dir: Path, progress: Progress = lambda message: None, *, identity: Identity | None = None
) -> RunningPostgres:
    """Starts the data folder's database, made when missing; returns once it serves, however long recovery takes.

    Call it from a thread that lives as long as the database should. `progress` gets words for people;
    `identity` says as whom PostgreSQL runs, and is chosen when not given.
    Raises PostgresError: in use by another process (named by pid), of another major version, no programs for this
    system, no user to run as, or refused by PostgreSQL itself (with its own last words).
    """
    identity = identity or choose_identity()
    binaries = _reachable_binaries(identity)
    home = database_home(data_dir, identity, progress)
    try:
        with ExitStack() as on_failure:
            on_failure.callback(os.close, _own(home))
            running = _start_alone(home, identity, binaries, progress)
            running.held.push(on_failure.pop_all())
            return running
    except OSError as error:
        raise PostgresError(f"can't start the database in {home}: {error}") from error


def running_url(data_dir: Path) -> str | None:
    """The address of the data folder's database while some process serves it, else None."""
    home = (data_dir / "postgres").resolve()
    try:
        folder = Path((home / RECORD).read_text())
        os.close(take_lock(home / "server.lock"))
    except FileNotFoundError:
        return None
    except HeldError:
        return address(folder) if (folder / SOCKET).exists() else None
    return None


def _own(home: Path) -> int:
    try:
        return take_lock(home / "owner.lock", str(os.getpid()))
    except HeldError as held:
        raise PostgresError(in_use(held, home)) from None


def _start_alone(home: Path, identity: Identity, binaries: Path, progress: Progress) -> RunningPostgres:
    lock = _lock_after_earlier_servers(home, progress)
    try:
        programs = Programs(binaries, identity, lock)
        (home / "log").mkdir(mode=0o700, exist_ok=True)
        give_to(home, identity)
        if not (home / "data").exists():
            progress("making the database (first start only)")
            make_cluster(home, programs)
        check_major_version(home / "data")
        write_configuration(home / "data", identity)
        sockets = socket_folder(home, identity)
        give_to(home, identity)
        return serve(home, sockets, programs, progress)
    finally:
        os.close(lock)  # from now on held by PostgreSQL's processes alone


def _reachable_binaries(identity: Identity) -> Path:
    """The wheel's programs, or a copy where PostgreSQL's user can't read them there. Raises PostgresError."""
    binaries = wheel_binaries()
    check_version(binaries)
    if identity.user is None or _runs(binaries, identity):
        return binaries
    copy = copied_binaries(binaries)
    if _runs(copy, identity):
        return copy
    raise PostgresError(f"PostgreSQL's user can't run its programs in {binaries}: install Tocsin where all can read it")


def _runs(binaries: Path, identity: Identity) -> bool:
    trial = Programs(binaries, identity, lock=-1).command("postgres", "--version", death_signal=signal.SIGKILL)
    return subprocess.run(trial, capture_output=True, cwd="/", check=False).returncode == 0


def _lock_after_earlier_servers(home: Path, progress: Progress) -> int:
    """Locks the server lock once all of an earlier PostgreSQL is gone. Raises PostgresError when it takes a minute."""
    began = told = time.monotonic()
    while True:
        try:
            return take_lock(home / "server.lock")
        except HeldError:
            now = time.monotonic()
        if now - began > PATIENCE:
            raise PostgresError(f"an earlier PostgreSQL (pid {postmaster_pid(home / 'data')}) still runs in {home}")
        if now - told > TELL_EVERY:
            told = now
            progress("waiting for the earlier PostgreSQL to end")
        time.sleep(0.05)

"""The postmaster as our child process: started, waited for, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from tocsin.server.launch import HAS_DEATH_SIGNAL
from tocsin.server.postgres.cluster import ENVIRONMENT, Programs
from tocsin.server.postgres.errors import PostgresError
from tocsin.server.postgres.progress import TELL_EVERY, Progress
from tocsin.server.postgres.sockets import SOCKET, address

PATIENCE = 60.0  # seconds that a polite stop may take
STATUS_LINE = 7  # of postmaster.pid, counted from 0; see src/include/utils/pidfile.h of PostgreSQL


@dataclass(frozen=True, slots=True)
class RunningPostgres:
    """An embedded PostgreSQL that serves at `url`. It ends with the thread that started it, however that ends."""

    url: str
    process: subprocess.Popen[bytes]
    held: ExitStack

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether the postmaster runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Ends connections and the server, in good order within a minute, else by force; then frees the data folder."""
        stop_postmaster(self.process)
        self.held.close()


def stop_postmaster(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, after a minute immediate shutdown, and SIGKILL in the end. Nothing where it is gone already."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)


def serve(home: Path, socket_folder: Path, programs: Programs, progress: Progress) -> RunningPostgres:
    """Starts the postmaster on the home's cluster and waits until it serves. Raises PostgresError, OSError."""
    recovering = _remove_traces_of_the_dead(home / "data", socket_folder)
    read_end, write_end = os.pipe()  # closed by our death, for systems without a parent-death signal
    command = programs.command(
        "postgres", "-D", str(home / "data"), "-c", f'unix_socket_directories="{socket_folder}"',
        death_signal=signal.SIGINT, watch_fd=None if HAS_DEATH_SIGNAL else read_end,
    )  # fmt: skip
    with (home / "start.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=ENVIRONMENT,
            pass_fds=[programs.lock, read_end], start_new_session=True,
        )  # fmt: skip
    os.close(read_end)
    try:
        _wait_until_ready(home, process, recovering, progress)
    except BaseException:
        stop_postmaster(process)
        os.close(write_end)
        raise
    held = ExitStack()
    held.callback(os.close, write_end)
    held.callback(_remove_empty, socket_folder)
    return RunningPostgres(address(socket_folder), process, held)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # gone already, or in use after all
        folder.rmdir()


def postmaster_pid(data: Path) -> int | None:
    """The pid that the cluster's last postmaster left in its lock file; None where there is none."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _remove_traces_of_the_dead(data: Path, socket_folder: Path) -> bool:
    """Removes lock files of a postmaster that was killed; returns whether there were any. Raises PostgresError.

    We hold the lock that each of its processes inherits, so all of them are gone; the pid in its lock file may by now
    be anybody's, and PostgreSQL would take that one for a running server. Only a server that somebody started by hand
    on this folder does not hold our lock.
    """
    pid = postmaster_pid(data)
    if pid is None:
        return False
    with suppress(OSError):  # gone, or not Linux
        if os.readlink(f"/proc/{pid}/cwd") == str(data):
            raise PostgresError(f"another PostgreSQL (pid {pid}) already serves {data}: stop it first")
    for leftover in (data / "postmaster.pid", socket_folder / SOCKET, socket_folder / f"{SOCKET}.lock"):
        leftover.unlink(missing_ok=True)
    return True


def _wait_until_ready(home: Path, process: subprocess.Popen[bytes], recovering: bool, progress: Progress) -> None:
    """Returns once the postmaster reports itself ready; it may take as long as it lives. Raises PostgresError."""
    told = time.monotonic()
    if recovering:
        progress("recovering after an unclean stop")
    while not _is_ready(home / "data", process.pid):
        if process.poll() is not None:
            raise PostgresError(f"PostgreSQL did not start: {_last_words(home)}")
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            progress("still recovering" if recovering else "still starting")
        time.sleep(0.02)


def _is_ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return lines[0] == str(pid) and len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"


def _last_words(home: Path) -> str:
    """What the newest of its log files ends with."""
    logs = [home / "start.log", *(home / "log").glob("*.log")]
    newest = sorted(logs, key=lambda log: log.stat().st_mtime)[-2:]
    said = [line for log in newest for line in log.read_text(errors="replace").splitlines()]
    telling = [line for line in said if "FATAL" in line or "PANIC" in line or "HINT" in line]
    return " / ".join((telling or said)[-3:]) or "it said nothing"

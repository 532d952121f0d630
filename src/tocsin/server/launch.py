"""Starts a program that dies with its parent, optionally as another user: run as a script, it becomes the program.

A separate process does this, not code between fork and exec, so that a parent with threads can't deadlock.
It is started with `python -I -S` and therefore imports the standard library only.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
from dataclasses import asdict, dataclass

PR_SET_PDEATHSIG = 1  # linux/prctl.h
CLONE_NEWUSER = 0x10000000  # linux/sched.h
HAS_DEATH_SIGNAL = sys.platform == "linux"
FAILED = 125  # exit status when the program could not be started, as env(1) has it


@dataclass(frozen=True, slots=True)
class User:
    """A user and group by number. `namespace`: how we appear inside a user namespace; else the user to become."""

    uid: int
    gid: int
    namespace: bool


def launch_command(
    argv: list[str], *, death_signal: int, user: User | None = None, watch_fd: int | None = None
) -> list[str]:
    """The argument list that runs `argv`, to be started by this very process.

    death_signal is what the program receives when the thread that starts it ends: start it from a thread that lives as
    long as the program should. watch_fd: reading end of a pipe held open by us, for systems without that signal.
    """
    terms = {"parent": os.getpid(), "death_signal": int(death_signal), "watch_fd": watch_fd}
    terms["user"] = asdict(user) if user else None  # type: ignore[assignment]
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), json.dumps(terms), *argv]


def _libc_call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


def _enter_namespace(user: User) -> None:
    """Makes our own ids appear as `user` to this process and those it starts; see user_namespaces(7)."""
    uid, gid = os.geteuid(), os.getegid()
    _libc_call("unshare", CLONE_NEWUSER)
    for file, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user.uid} {uid} 1"),
        ("gid_map", f"{user.gid} {gid} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as mapping:
            mapping.write(line)


def _become(user: User) -> None:
    os.setgroups([])
    os.setgid(user.gid)
    os.setuid(user.uid)


def _watch(read_end: int, program: int, death_signal: int) -> None:
    """Signals the program once the pipe's other end is closed; ends when the program does."""
    while True:
        readable, _, _ = select.select([read_end], [], [], 1.0)
        try:
            os.kill(program, death_signal if readable else 0)
        except ProcessLookupError:
            return
        if readable:
            return


def _start_watcher(read_end: int, death_signal: int) -> None:
    """A process of its own, forked twice so that the program is not left with a child that it doesn't know."""
    program = os.getpid()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os.close(read_end)
        return
    if os.fork() == 0:
        os.closerange(0, read_end)
        os.closerange(read_end + 1, 1024)
        _watch(read_end, program, death_signal)
    os._exit(0)


def _die_with(parent: int, death_signal: int) -> None:
    _libc_call("prctl", PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        raise OSError("the process that started this one is gone")


def run(terms: str, argv: list[str]) -> None:
    """Becomes the program `argv` under these terms (JSON of launch_command). Raises OSError; else does not return."""
    wanted = json.loads(terms)
    if wanted["user"]:
        user = User(**wanted["user"])
        (_enter_namespace if user.namespace else _become)(user)
    # last: a change of user clears the parent-death signal
    if wanted["watch_fd"] is not None:
        _start_watcher(wanted["watch_fd"], wanted["death_signal"])
    elif HAS_DEATH_SIGNAL:
        _die_with(wanted["parent"], wanted["death_signal"])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.execvp(argv[0], argv)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    try:
        run(sys.argv[1], sys.argv[2:])
    except OSError as problem:
        sys.stderr.write(f"can't start {sys.argv[2]}: {problem}\n")
        sys.exit(FAILED)

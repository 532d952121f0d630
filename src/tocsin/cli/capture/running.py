"""Runs a command as if we were not there: its output, its signals, its exit status; and knows how it ended.

The command has a process group of its own, so that a signal sent to us reaches it exactly once, by us: two interrupts
make Terraform stop without saving what it did. In a terminal, keys go to the command as without us.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tocsin.cli.capture.streams import Streams
from tocsin.cli.capture.witness import Witness

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
# An apply that is interrupted finishes what it has begun and saves its state: that may take its time.
GRACE_S = 120.0
_LEAST_WAIT_S, _MOST_WAIT_S = 0.01, 0.1
NOT_FOUND, NOT_EXECUTABLE = 127, 126


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `interrupted`: "interrupt", "killed", "timeout" or empty; `status` as a shell tells it."""

    status: int
    interrupted: str


class CannotStart(Exception):
    """The command was never run; `status` is what a shell would say."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


def run(argv: list[str], streams: Streams, witness: Witness, timeout_s: float | None) -> Ended:
    """Runs a command to its end. `timeout_s`: after so many seconds it is interrupted, and killed if it does not end.

    Raises CannotStart.
    """
    running = _Running(argv, streams, timeout_s)
    with running.signals(), _keys(streams):
        child = running.start()
        witness.watch(child.pid)
        with _foreground(child.pid, streams):
            return running.wait()


class _Running:
    def __init__(self, argv: list[str], streams: Streams, timeout_s: float | None) -> None:
        self.argv, self.streams, self.timeout_s = argv, streams, timeout_s
        self.child: subprocess.Popen[bytes] | None = None
        self.received: list[int] = []
        self.due: list[tuple[float, signal.Signals]] = []
        self.timed_out = False
        self.wake, self._waker = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self._waker, False)

    def start(self) -> subprocess.Popen[bytes]:
        streams, slave = self.streams, self.streams.slave
        streams.resize()

        def own_terminal() -> None:  # in the child, after setsid
            if slave is not None:
                import fcntl

                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        def to_the_front() -> None:  # in the child, which has its own group: before it can ask for input
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)

        prepare = own_terminal if slave is not None else to_the_front if _in_front(streams) else None
        stdin = slave if slave is not None and os.isatty(0) else None
        try:
            self.child = subprocess.Popen(
                self.argv,
                stdin=stdin,
                stdout=streams.end_for(1),
                stderr=streams.end_for(2),
                start_new_session=slave is not None,
                process_group=None if slave is not None else 0,
                preexec_fn=prepare,  # this process has one thread
            )
        except FileNotFoundError as error:
            raise CannotStart(f"there is no command {self.argv[0]}", NOT_FOUND) from error
        except OSError as error:
            raise CannotStart(f"can't run {self.argv[0]}: {error.strerror}", NOT_EXECUTABLE) from error
        if slave is not None:
            os.close(slave)
        if self.timeout_s is not None:
            begin = time.monotonic() + self.timeout_s
            self.due = [(begin, signal.SIGINT), (begin + GRACE_S, signal.SIGKILL)]
        return self.child

    def wait(self) -> Ended:
        """Shows output and forwards signals until the command has ended and all it wrote is shown."""
        assert self.child is not None
        pause = _LEAST_WAIT_S
        while self.child.poll() is None:
            pause = _LEAST_WAIT_S if self.streams.show() else min(pause * 2, _MOST_WAIT_S)
            self._keep_time()
            self._await_something(pause)
        while self.streams.show():
            pass
        code = self.child.returncode
        return Ended(code if code >= 0 else 128 - code, self._interrupted(code))

    def _interrupted(self, code: int) -> str:
        if self.timed_out:
            return "timeout"
        if code == -signal.SIGKILL:
            return "killed"
        if signal.SIGINT in self.received or code == -signal.SIGINT:
            return "interrupt"
        return "killed" if code < 0 or self.received else ""

    def _keep_time(self) -> None:
        assert self.child is not None
        while self.due and time.monotonic() >= self.due[0][0]:
            self.timed_out = True
            self.child.send_signal(self.due.pop(0)[1])

    def _await_something(self, pause: float) -> None:
        """Until something can be read or was signalled, at most `pause` seconds; passes on what was typed."""
        terminal, readable = self.streams.terminal, [self.wake]
        typed = terminal is not None and os.isatty(0)
        if terminal is not None:
            readable.append(terminal)
        if typed:
            readable.append(0)
        ready, _, _ = select.select(readable, [], [], pause)
        if self.wake in ready:
            os.read(self.wake, 512)
        if typed and 0 in ready and terminal is not None:
            with suppress(OSError):
                os.write(terminal, os.read(0, 4096))

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Forwards signals meanwhile, and wakes up when the command ends."""
        before = {number: signal.signal(number, self._forward) for number in FORWARDED}
        before[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, lambda *_: self.streams.resize())
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        waker = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(waker)
            for number, was in before.items():
                signal.signal(number, was)

    def _forward(self, number: int, frame: object) -> None:
        self.received.append(number)
        if self.child is not None and self.child.returncode is None:
            self.child.send_signal(number)


@contextmanager
def _keys(streams: Streams) -> Iterator[None]:
    """Hands every key to the command's terminal, Ctrl-C too, while it runs in one."""
    if streams.slave is None or not os.isatty(0):
        yield
        return
    before = termios.tcgetattr(0)
    tty.setraw(0, termios.TCSADRAIN)  # what was typed ahead stays
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def _in_front(streams: Streams) -> bool:
    """Whether the command would read our terminal directly, and we are the ones who may."""
    return streams.slave is None and os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()


@contextmanager
def _foreground(child: int, streams: Streams) -> Iterator[None]:
    """Lets a command that reads our terminal directly, since its output goes elsewhere, be in its foreground."""
    if streams.slave is not None or not os.isatty(0) or os.tcgetpgrp(0) not in (os.getpgrp(), child):
        yield
        return
    stopped = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(0, child)
        os.kill(child, signal.SIGCONT)  # it may have asked for input too early, and been stopped for it
        yield
    finally:
        with suppress(OSError):
            os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, stopped)

"""A supervised process: started so that it dies with us, its output passed on, its last lines remembered."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from tocsin.server.launch import HAS_DEATH_SIGNAL, launch_command
from tocsin.server.restarts import Restarts

REMEMBERED = 15  # lines


@dataclass(frozen=True, slots=True)
class Program:
    """What to run under which name; `grace`: seconds it gets to end by itself; `fds`: descriptors it inherits."""

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str]
    grace: float = 10.0
    fds: tuple[int, ...] = ()


@dataclass(slots=True)
class Child:
    """One program and the process that runs it now, if one does."""

    program: Program
    say: Callable[[str], None]
    restarts: Restarts = field(default_factory=Restarts)
    due: float | None = 0.0  # when to start it, by time.monotonic(); None: it runs
    process: subprocess.Popen[bytes] | None = None
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _started: float = 0.0
    _lifeline: int = -1
    _partial: bytes = b""

    def start(self) -> None:
        """Starts the program. Raises OSError."""
        read_end, self._lifeline = os.pipe()  # closed by our death, for systems without a parent-death signal
        watch_fd = None if HAS_DEATH_SIGNAL else read_end
        # by force: what runs without its supervisor has no database either, and nothing is lost by a kill
        command = launch_command(list(self.program.argv), death_signal=signal.SIGKILL, watch_fd=watch_fd)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            env=self.program.environ, pass_fds=(*self.program.fds, read_end),
        )  # fmt: skip
        os.close(read_end)
        os.set_blocking(self.output.fileno(), False)
        self.due, self._started = None, time.monotonic()

    @property
    def output(self) -> IO[bytes]:
        """The reading end of what it says. Only while it runs."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def talks(self) -> bool:
        """Whether it runs and may still say something."""
        return self.process is not None and not self.output.closed

    def pass_on(self) -> None:
        """Passes on the whole lines that came in since the last call."""
        chunk = self.output.read(65536)
        while chunk:
            *lines, self._partial = (self._partial + chunk).split(b"\n")
            for line in lines:
                self._line(line)
            chunk = self.output.read(65536)
        if chunk is not None:  # None: nothing now; empty: nothing any more
            self.output.close()

    def _line(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        self.last_lines.append(text)
        self.say(text)

    def ended(self) -> int | None:
        """The exit status of a process that is there no more, which is then forgotten; None while it runs."""
        if self.process is None or self.process.poll() is None:
            return None
        status = self.process.returncode
        if self.talks:
            self.pass_on()
            self.output.close()
        if self._partial:
            self._line(self._partial)
        os.close(self._lifeline)
        self.restarts = self.restarts.after_running(time.monotonic() - self._started)
        self.process, self._partial = None, b""
        self.due = time.monotonic() + self.restarts.delay
        return status

    def signal(self, number: int) -> None:
        """Sends a signal, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

"""Where a recorded command writes to, and how that reaches those who watch.

What goes to a terminal goes through a pseudo-terminal, so that the command behaves as without us. Everything else goes
into a file without a name that is read as it grows: no reader stands between, so that nothing that happens to us stops
or breaks the command, as a broken pipe would.
"""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import select
import struct
import tempfile
import termios
import tty
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from tocsin.deployments.terraform.secrets import LEFT_OUT

_CHUNK = 1 << 16
# Of a log without end its beginning and its end say what happened.
_MOST_HEAD, _MOST_TAIL = 8 << 20, 40 << 20


@dataclass(slots=True)
class Stream:
    """One output of the command. `end` is what the command writes to, `target` where we show it, `kept` all that came.

    `terminal` is our side of a pseudo-terminal, None where the command writes into `kept` itself. `lost` counts bytes that
    were shown and could not be kept.
    """

    target: int
    end: int
    kept: IO[bytes]
    terminal: int | None = None
    shown: int = 0
    lost: int = 0

    def show(self) -> bytes:
        """Passes on what is new; the same bytes, empty when there is nothing new now."""
        new = os.pread(self.kept.fileno(), _CHUNK, self.shown) if self.terminal is None else self._from_terminal()
        if new:
            self.shown += len(new)
            with suppress(OSError):  # nobody watches any more: the command goes on all the same
                _write_all(self.target, new)
        return new

    def keep_on(self) -> bool:
        """Takes what the terminal has without showing it; whether there was anything."""
        return self.terminal is not None and bool(self._from_terminal())

    def _from_terminal(self) -> bytes:
        assert self.terminal is not None
        try:
            new = os.read(self.terminal, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno != errno.EIO:  # Linux says so at the end of a terminal
                raise
            return b""
        try:
            _write_all(self.kept.fileno(), new)
        except OSError:  # no room for the record: what it prints is shown all the same
            self.lost += len(new)
        return new


@dataclass(slots=True)
class Streams:
    """All outputs of one command, and the order in which pieces of them came."""

    all: list[Stream]
    order: list[tuple[int, int]] = field(default_factory=list)

    @property
    def terminal(self) -> int | None:
        """Our side of the pseudo-terminal, where there is one."""
        return next((stream.terminal for stream in self.all if stream.terminal is not None), None)

    @property
    def slave(self) -> int | None:
        """The command's side of it."""
        return next((stream.end for stream in self.all if stream.terminal is not None), None)

    def end_for(self, descriptor: int) -> int:
        """What the command gets as its standard output (1) or error (2)."""
        return (self.all[0] if descriptor == 1 else self.all[-1]).end

    def show(self) -> bool:
        """Passes on what is new of all; whether anything was."""
        anything = False
        for index, stream in enumerate(self.all):
            if new := stream.show():
                anything = True
                if self.order and self.order[-1][0] == index:
                    self.order[-1] = (index, self.order[-1][1] + len(new))
                else:
                    self.order.append((index, len(new)))
        return anything

    def log(self) -> bytes:
        """All that came, in the order in which it was shown; what was never shown, at the end."""
        places, parts = [0] * len(self.all), []
        for index, size in self.order:
            parts.append(os.pread(self.all[index].kept.fileno(), size, places[index]))
            places[index] += size
        for index, stream in enumerate(self.all):
            stream.kept.seek(places[index])
            parts.append(stream.kept.read())
        if lost := sum(stream.lost for stream in self.all):
            parts.append(f"\n[{lost} {LEFT_OUT}\n".encode())
        return _bounded(b"".join(parts).replace(b"\r\n", b"\n"))

    def resize(self) -> None:
        """Gives the pseudo-terminal the size of the real one."""
        if self.terminal is not None:
            with suppress(OSError):
                size = fcntl.ioctl(1, termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
                fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)


def open_streams() -> Streams:
    """Outputs for a command that is to be started: like ours, so that it finds a terminal where there is one."""
    out_is_terminal, error_is_terminal = os.isatty(1), os.isatty(2)
    if out_is_terminal and error_is_terminal:
        return Streams([_terminal(1)])
    if not out_is_terminal and not error_is_terminal and _same_file(1, 2):
        return Streams([_file(1)])
    return Streams([_terminal(1) if out_is_terminal else _file(1), _terminal(2) if error_is_terminal else _file(2)])


def _file(target: int) -> Stream:
    kept = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the stream
    fcntl.fcntl(kept.fileno(), fcntl.F_SETFL, fcntl.fcntl(kept.fileno(), fcntl.F_GETFL) | os.O_APPEND)
    return Stream(target, kept.fileno(), kept)


def _terminal(target: int) -> Stream:
    stream = _file(target)
    stream.terminal, stream.end = pty.openpty()
    os.set_blocking(stream.terminal, False)
    if os.isatty(0):
        with suppress(termios.error):
            termios.tcsetattr(stream.end, termios.TCSANOW, termios.tcgetattr(0))
    else:  # the real terminal ends lines by itself
        mode = termios.tcgetattr(stream.end)
        mode[tty.OFLAG] &= ~termios.OPOST
        termios.tcsetattr(stream.end, termios.TCSANOW, mode)
    return stream


def _same_file(first: int, second: int) -> bool:
    one, other = os.fstat(first), os.fstat(second)
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:  # some CI systems hand out pipes that do not wait
            select.select([], [descriptor], [])


def _bounded(log: bytes) -> bytes:
    if len(log) <= _MOST_HEAD + _MOST_TAIL:
        return log
    left_out = f"\n[{len(log) - _MOST_HEAD - _MOST_TAIL} {LEFT_OUT}\n".encode()
    return log[:_MOST_HEAD] + left_out + log[-_MOST_TAIL:]

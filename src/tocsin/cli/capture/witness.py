"""A second process that stays quiet unless the first one is killed: then it sees the command to its end and reports it."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress

from tocsin.cli.capture.streams import Streams

_DONE = b"!"


class Witness:
    """Made before the command starts, because it must not share its fate."""

    def __init__(self, streams: Streams, abandoned: Callable[[], None]) -> None:
        """`abandoned` is called in the second process, when the command has ended and nobody else can tell."""
        reading, self._pipe = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(reading)
            return
        os.close(self._pipe)
        try:
            _stand_by(reading, streams, abandoned)
        finally:
            os._exit(0)

    def watch(self, pid: int) -> None:
        """Says which process runs the command."""
        os.write(self._pipe, b"%d\n" % pid)

    def dismiss(self) -> None:
        """All is well, or somebody else tells: it ends."""
        with suppress(OSError):
            os.write(self._pipe, _DONE)
        os.close(self._pipe)
        os.waitpid(self._pid, 0)


def _stand_by(pipe: int, streams: Streams, abandoned: Callable[[], None]) -> None:
    os.setsid()  # what is sent to the first process's group must not reach this one
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # whoever waits for our end on these must not wait for this process
        os.dup2(nothing, descriptor)
    if streams.slave is not None:
        os.close(streams.slave)
    told = b""
    while part := os.read(pipe, 64):
        told += part
        if told.endswith(_DONE):
            return
    first, _, _ = told.partition(b"\n")
    if first:
        _await_end(int(first), streams)
        abandoned()


def _await_end(pid: int, streams: Streams) -> None:
    """Until the process has ended, reading what it prints so that it is not held up."""
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        ended = None
    terminal = [streams.terminal] if streams.terminal is not None else []
    while ended is not None:
        ready, _, _ = select.select([ended, *terminal], [], [])
        while any([stream.keep_on() for stream in streams.all]):  # noqa: C419  # each of them is read
            pass
        if ended in ready:
            break
    while any([stream.keep_on() for stream in streams.all]):  # noqa: C419  # each of them is read
        pass

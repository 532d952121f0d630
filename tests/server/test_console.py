"""The console says what happens, with colour for terminals only."""

from __future__ import annotations

import io
import re
import time

from tocsin.server.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_stage_comes_after_the_time_it_took_to_get_there() -> None:
    stream = io.StringIO()
    Console(stream, began=time.monotonic() - 100).stage("starting")
    assert re.fullmatch(r" 1\d\d\.\d s  starting\n", stream.getvalue())


def test_the_lines_of_a_process_follow_its_name() -> None:
    stream = io.StringIO()
    Console(stream).voice("web")("hello")
    assert stream.getvalue() == "     web  hello\n"


def test_a_terminal_gets_colour() -> None:
    stream = Terminal()
    Console(stream).failure("no")
    assert stream.getvalue() == "\x1b[31mError: no\x1b[0m\n"

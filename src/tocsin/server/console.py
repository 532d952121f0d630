"""Words on standard error while the server starts and runs: a line a stage, with the time it took to get there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

DIM, BOLD, RED, PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[31m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Console:
    """Writes lines for people; coloured only on a terminal."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    began: float = field(default_factory=time.monotonic)

    def stage(self, text: str) -> None:
        """One step of starting or stopping, after the seconds since the beginning."""
        self._line(f"{self._styled(DIM, f'{time.monotonic() - self.began:6.1f} s')}  {text}")

    def ready(self, text: str) -> None:
        """The line that people wait for."""
        self.stage(self._styled(BOLD, text))

    def failure(self, text: str) -> None:
        """Why the server ends."""
        self._line(self._styled(RED, f"Error: {text}"))

    def voice(self, name: str) -> Callable[[str], None]:
        """Passes on a process's lines, each after its name."""
        prefix = self._styled(DIM, f"{name:>8}")
        return lambda line: self._line(f"{prefix}  {line}")

    def _styled(self, style: str, text: str) -> str:
        return f"{style}{text}{PLAIN}" if self.stream.isatty() else text

    def _line(self, text: str) -> None:
        self.stream.write(f"{text}\n")  # in one piece: others write to the same terminal
        self.stream.flush()

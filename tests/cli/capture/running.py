"""Runs commands through the recorder in a process of their own, as `tocsin run` does, and tells what came of it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

SCRIPT = """
import json, sys
from pathlib import Path
from tocsin.cli.capture.running import run
from tocsin.cli.capture.streams import open_streams
from tocsin.cli.capture.witness import Witness
log, timeout, *argv = sys.argv[1:]
streams = open_streams()
def tell(how):
    Path(log).write_text(json.dumps({"how": how, "log": streams.log().decode()}))
witness = Witness(streams, lambda: tell("abandoned"))
ended = run(argv, streams, witness, float(timeout) or None)
witness.dismiss()
tell(ended.interrupted)
sys.exit(ended.status)
"""


@dataclass(slots=True)
class Recorded:
    """Starts commands; `told` is what was recorded of the last one."""

    place: Path

    def start(
        self, *argv: str, timeout: float = 0, stdin: int | None = None, stdout: int = PIPE, stderr: int = PIPE
    ) -> subprocess.Popen[bytes]:
        """The recorder, started; `timeout` is the command's, 0 for none."""
        recorder = [sys.executable, "-c", SCRIPT, str(self.place), str(timeout), *argv]
        return subprocess.Popen(recorder, stdin=stdin, stdout=stdout, stderr=stderr)

    def told(self) -> dict[str, str]:
        """How it ended and what it printed; raises FileNotFoundError before that is known."""
        told: dict[str, str] = json.loads(self.place.read_text())
        return told


def in_terminal(argv: list[str], say: str = "") -> tuple[int, bytes]:
    """Exit status and output of a command that runs in a terminal, where somebody types `say` when it asks."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(argv[0], argv)
    output, typed = b"", False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        output += part
        if say and not typed and b"? " in output:
            os.write(terminal, say.encode() + b"\n")
            typed = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output

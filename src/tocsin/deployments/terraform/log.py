"""Reads a whole log of Terraform or OpenTofu, in whatever form it was kept: parse_log(bytes) -> Run."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import Literal

from tocsin.deployments.terraform.blocks import HEADING, LIST_HEADING, Block, read_block
from tocsin.deployments.terraform.collected import Collected
from tocsin.deployments.terraform.lines import PREFIX_STARTS, is_fence, read_lines, without_prefix
from tocsin.deployments.terraform.loose import crash, loose_diagnostics
from tocsin.deployments.terraform.messages import logged_text, read_document, read_message
from tocsin.deployments.terraform.parsed import Run
from tocsin.deployments.terraform.progress import PROVISIONED, SUPPRESSED, counts, drifted, phase, progress

# How much of one log is kept in memory. Nothing that people wrote by hand comes near.
MOST_BLOCK_LINES = 400
MOST_PLAIN_LINES = 150
MOST_DOCUMENT_LINES = 100_000
MOST_UNCLAIMED_LINES = 300

_BOX = re.compile(r"\s{0,2}(?P<edge>[╷│╵])(?: ?(?P<text>.*))?$")
_BOX_STARTS = frozenset(" \t╷│╵")
_BOX_BEHIND_PREFIX = re.compile(r"[^│╷╵]{1,200}(?P<edge>[╷│╵])(?: ?(?P<text>.*))?$")
# What CI systems and wrappers say of the end of the command: no diagnostic, and no part of one.
_WRAPPER = re.compile(
    r"(?:Error: |ERROR: )?(?:(?:Terraform|Process|Command) (?:exited|completed|failed) with (?:exit )?code"
    r"|The process .{1,200} failed with exit code|Job failed: |exit status \d+$|The operation was cancell?ed"
    r"|The (?:action|job|runner) .{1,200} (?:timed out|exceeded|shutdown)|Post job cleanup|Cleaning up project)"
)
# The text of a value in a plan or an output.
_HEREDOC = re.compile(r".*(?:=|->) <<-?EOT$")

# "edgeless": the upper edge of the box was lost.
Boxed = Literal["no", "edgeless", "yes"]


def parse_log(source: bytes | Iterable[bytes]) -> Run:
    """What a log tells. `source`: the log, or its pieces in order (an open binary file will do). Reads it once.

    Understands JSON messages, human output with and without boxes, star lists of Terraform up to 0.11, all of them behind
    prefixes of CI systems and mixed with lines of others. Raises nothing, whatever the bytes.
    """
    reader = _Reader()
    for number, line in enumerate(read_lines(source), 1):
        reader.read(number, line)
    return reader.finish()


class _Reader:
    """Takes lines one by one. Between two lines it holds at most one block and the last lines that nobody claimed."""

    def __init__(self) -> None:
        self.collected = Collected()
        self.number = 0
        self.block: list[str] = []
        self.block_start = 0
        self.boxed: Boxed = "no"
        self.in_prefixed_box = False
        self.document: list[str] | None = None
        self.in_heredoc = False
        self.in_drift = False
        self.unclaimed: deque[tuple[int, str]] = deque(maxlen=MOST_UNCLAIMED_LINES)

    def read(self, number: int, line: str) -> None:
        self.number = number
        if self.document is not None:
            self._read_document(line)
        elif line == "{" and not self.block:
            self.document = [line]
        elif '{"' in line and self._read_json(line):
            pass
        else:
            self._read_text(line)

    def _read_text(self, line: str) -> None:
        """A line that is not JSON."""
        if line[:1] in PREFIX_STARTS:
            line = without_prefix(line)
        found = progress(line)
        if found is None:
            self._read_human(line)
        else:
            if self.boxed != "no" or self.block:
                self._end_block()
            self.in_heredoc = False
            self.collected.people += 1
            self.collected.add_event(found, self.number)

    # --- JSON ----------------------------------------------------------------------------------------------------

    def _read_json(self, line: str) -> bool:
        """Takes a line that holds a message of Terraform's, or one of a logger's around a line of Terraform's."""
        at = line.find('{"@')
        message = read_message(line[at:]) if at >= 0 else None
        if message is None:
            if not line.startswith('{"') or not (text := logged_text(line)):
                return False
            for inner in text.rstrip("\n").split("\n"):
                self._read_text(inner)
            return True
        self._end_block()
        self.collected.add_message(message, self.number)
        return True

    def _read_document(self, line: str) -> None:
        assert self.document is not None
        self.document.append(line)
        if line == "}" or len(self.document) > MOST_DOCUMENT_LINES:
            self._end_document()

    def _end_document(self) -> None:
        lines, self.document = self.document or [], None
        first = self.number - len(lines) + 1
        found = read_document("\n".join(lines), first, self.number)
        if found is not None:
            self.collected.messages += 1
            self.collected.add_all(found)
            self.collected.reach("validate")
            self.collected.ended.add("validate")
            return
        for number, line in enumerate(lines, first):
            self.number = number
            self._read_text(line)

    # --- human ---------------------------------------------------------------------------------------------------

    def _read_human(self, line: str) -> None:
        if self.in_heredoc and not line.startswith("╷"):
            self.in_heredoc = line.split()[:1] != ["EOT"]
            return
        self.in_heredoc = False
        if not is_fence(line) and not self._read_boxed(line):
            self._read_plain(line)

    def _read_boxed(self, line: str) -> bool:
        """Takes a line of a box, as Terraform draws it around a diagnostic."""
        found = _BOX.match(line) if line[:1] in _BOX_STARTS else None
        if found is None and ("╷" in line or self.in_prefixed_box) and not PROVISIONED.match(line):
            found = _BOX_BEHIND_PREFIX.match(line)
            self.in_prefixed_box = found is not None and found["edge"] != "╵"
        if found is None:
            return False
        edge, text = found["edge"], found["text"] or ""
        if edge == "╷":
            self._end_block()
            self.boxed = "yes"
        elif self.boxed != "yes" and HEADING.match(text):
            self._end_block()
        if edge == "│":
            self._append(text, boxed=True)
        elif edge == "╵":
            self._end_block()
        return True

    def _append(self, text: str, *, boxed: bool) -> None:
        self.collected.people += 1
        if not self.block:
            self.block_start = self.number
        if boxed and self.boxed == "no":
            self.boxed = "edgeless"
        # Lines that stood between others without being part of them keep the count of lines right.
        missing = self.number - self.block_start - len(self.block)
        if len(self.block) + missing < (MOST_BLOCK_LINES if self.boxed != "no" else MOST_PLAIN_LINES):
            self.block += [""] * missing
            self.block.append(text)

    def _read_plain(self, line: str) -> None:
        between, opened = phase(line)
        provisioned = "):" in line and PROVISIONED.match(line) is not None
        ends_block = provisioned or between or _WRAPPER.match(line) is not None
        if provisioned:
            self.collected.suppressed = self.collected.suppressed or SUPPRESSED in line
        elif not self.block or ends_block:
            self.collected.add_line(line)
        if ends_block:
            self._end_block()
            self.in_drift = opened == "drift" or (self.in_drift and not between)
            self.collected.add_phase(opened, counts(line) if between else None)
            if between:
                self._unclaim(line)
        elif self.block:
            self._continue(line)
        elif HEADING.match(line) or LIST_HEADING.match(line):
            self._append(line, boxed=False)
        else:
            self._read_other(line)

    def _continue(self, line: str) -> None:
        """A line without a box while a block is open: in a box it only goes on where no blank line came between."""
        if self.boxed != "no" and (not line.strip() or HEADING.match(line)):
            self._end_block()
            if HEADING.match(line):
                self._append(line, boxed=False)
        else:
            self._append(line, boxed=self.boxed != "no")

    def _read_other(self, line: str) -> None:
        if self.in_drift and (address := drifted(line)):
            self.collected.add_drift(address)
        self.in_heredoc = "<<" in line and _HEREDOC.match(line) is not None
        self._unclaim(line)

    def _unclaim(self, line: str) -> None:
        self.unclaimed.append((self.number, line))

    def _end_block(self) -> None:
        lines, self.block = self.block, []
        boxed, self.boxed = self.boxed != "no", "no"
        while lines and not lines[-1].strip():
            lines.pop()
        while lines and not lines[0].strip():
            lines.pop(0)
            self.block_start += 1
        if not lines:
            return
        if boxed and not HEADING.match(lines[0]):
            for number, line in enumerate(lines, self.block_start):
                self.unclaimed.append((number, line))
            return
        for found in read_block(Block(lines, self.block_start, boxed)):
            self.collected.add_diagnostic(found)

    # --- the end -------------------------------------------------------------------------------------------------

    def finish(self) -> Run:
        if self.document is not None:
            self._end_document()
        self._end_block()
        lines = list(self.unclaimed)
        self.collected.add_all(crash(lines))
        if not self.collected.has_errors and not self.collected.succeeded:
            self.collected.add_all(loose_diagnostics(lines))
        return self.collected.run(self.number)

"""What a tool printed, line by line, as it is shown: without colour codes, in tones of our own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from tocsin.deployments.terraform.lines import read_lines, without_prefix
from tocsin.deployments.terraform.messages import Message, read_message

LONGEST_LINE = 2_000

_SIGNS = {"+": "create", "-": "delete", "~": "update", "-/+": "replace", "+/-": "replace", "<=": "read"}
_SIGNED = re.compile(r"(?:\s*(?P<wide>-/\+|\+/-|<=)|\s{2,}(?P<sign>[+~-])) \S")
# Until 0.11 "Error applying plan:"; since then "Error running command 'x'" is part of an error, not its heading.
_HEADING = re.compile(r"(?:[│|] ?)?(?P<word>Error|Warning)(?::| (?=[a-z ]+:))")
_HAPPENED = re.compile(
    r"\S+: (?:Creation|Destruction|Modifications|Read|Refresh|Import) complete|(?:Apply|Destroy) complete!"
)
_SUMMARY = re.compile(r"Plan: |No changes\.|  # \S+ |(?:Apply|Destroy) cancelled|Note: Objects have changed")
_OF_TYPE = {
    "apply_errored": "error",
    "provision_errored": "error",
    "apply_complete": "done",
    "change_summary": "heading",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One line, counted from 1. `tone`: error, warning, create, update, delete, replace, read, done, heading or empty.

    `begins` is set where an error begins, which is worth going to.
    """

    number: int
    text: str
    tone: str = ""
    begins: bool = False


def printed(source: bytes | Iterable[bytes]) -> Iterator[Printed]:
    """The lines of a log. A message of the machine-readable output reads as its words, with an error's explanation."""
    block = ""
    for number, line in enumerate(read_lines(source), 1):
        if (at := line.find('{"@')) >= 0 and (message := read_message(line[at:])) is not None:
            yield _told(number, message)
            block = ""
            continue
        plain = without_prefix(line)
        heading = _HEADING.match(plain)
        if heading:
            block = heading["word"].lower()
        elif block and not _continues(plain):
            block = ""
        tone = block or _tone(plain)
        yield Printed(number, _cut(line), tone, begins=heading is not None and block == "error")


def _continues(line: str) -> bool:
    """Whether a line that follows the heading of an error belongs to its box; without a box only the heading is sure."""
    return line[:1] in ("│", "|")


def _tone(line: str) -> str:
    if found := _SIGNED.match(line):
        return _SIGNS[found["wide"] or found["sign"]]
    if _HAPPENED.match(line):
        return "done"
    return "heading" if _SUMMARY.match(line) else ""


def _told(number: int, message: Message) -> Printed:
    """A message as its words."""
    if told := message.diagnostic:
        text = "\n".join(part for part in (message.text, told.detail) if part)
        return Printed(number, _cut(text), told.severity, begins=told.severity == "error")
    tone = _OF_TYPE.get(message.type, "")
    if message.type in ("planned_change", "resource_drift") and message.change:
        tone = message.change.action
    return Printed(number, _cut(message.text), tone)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]} ⋯"


def window(lines: Iterable[Printed], first: int, count: int) -> list[Printed]:
    """`count` lines from the one with the number `first`."""
    return list(islice(lines, first - 1, first - 1 + count))


def matching(lines: Iterable[Printed], wanted: str, most: int) -> list[Printed]:
    """The first `most` lines that have the words `wanted` in them, whatever their case."""
    folded = wanted.casefold()
    return list(islice((line for line in lines if folded in line.text.casefold()), most))


def pieces(text: str, wanted: str) -> list[tuple[str, bool]]:
    """A text cut where it has the words `wanted`, whatever their case: each piece with whether it is them."""
    parts = re.split(f"({re.escape(wanted)})", text, flags=re.IGNORECASE) if wanted else [text]
    return [(part, index % 2 == 1) for index, part in enumerate(parts) if part]

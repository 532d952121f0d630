"""How attributes differ, as lines for reading: one line each, and texts of several lines line by line. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tocsin.deployments.terraform.plan import Attribute

LONGEST_VALUE = 400
# Texts with more lines are told as changed, not compared line by line: that takes the square of their length.
MOST_COMPARED = 400


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line. `sign`: "+", "-", "~"; `forces`: this change makes a new resource necessary.

    A line of a text has no path: it belongs to the attribute above it.
    """

    sign: str
    path: str
    before: str = ""
    after: str = ""
    forces: bool = False


def differences(attributes: Iterable[Attribute]) -> Iterator[DiffLine]:
    """The lines of what differs. JSON inside of a text, as policies come, is laid out before it is compared."""
    for each in attributes:
        before, after = _text(each.before), _text(each.after)
        sign = "+" if each.before is None else "-" if each.after is None else "~"
        if "\n" in before or "\n" in after:
            yield from _texts(DiffLine(sign, each.path, forces=each.replaces), before, after)
        else:
            yield DiffLine(sign, each.path, _cut(each.before), _cut(each.after), each.replaces)


def _text(written: str | None) -> str:
    """What a JSON string says, laid out where that is JSON again; empty for any other value."""
    if written is None or not written.startswith('"'):
        return ""
    try:
        text = json.loads(written)
    except ValueError:  # it was cut
        return ""
    assert isinstance(text, str)
    text = text.rstrip("\n")
    if text[:1] in ("{", "["):
        try:
            return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            return text
    return text


def _texts(head: DiffLine, before: str, after: str) -> Iterator[DiffLine]:
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_COMPARED:
        yield DiffLine(head.sign, head.path, _count(old), _count(new), head.forces)
    else:
        yield head
        yield from _compared(old, new)


def line_differences(before: str, after: str) -> Iterator[DiffLine]:
    """The lines that only one of two texts has; where they are too long to compare, one line that tells their lengths."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_COMPARED:
        yield DiffLine("~", "", _count(old), _count(new))
    else:
        yield from _compared(old, new)


def _compared(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (DiffLine("-", "", before=_cut(line)) for line in old[a:b])
            yield from (DiffLine("+", "", after=_cut(line)) for line in new[c:d])


def _count(lines: list[str]) -> str:
    return f"({len(lines)} line{'s' if len(lines) != 1 else ''})" if lines else ""


def _cut(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} ⋯"

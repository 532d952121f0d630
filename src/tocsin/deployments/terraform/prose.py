"""Joins the lines that Terraform wrapped: paragraphs of a diagnostic as they were before they met a terminal's width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import pairwise

# Terraform wraps for 78 columns where it knows of no terminal: 77 plain, 75 inside a box.
PLAIN_WIDTH = 77
_BOXED = 75
_WIDEST_PLAIN = 80
# A line is taken for wrapped when the next word would have passed this column. Less than the width, because messages
# themselves are written in lines of some 72 columns.
_RAGGED = 66
_ITEM = re.compile(r"[*•-] |- ?$|[{}\[\]]")
# These begin an item too, or stand at the beginning of a line by chance.
_KEYED = re.compile(r"[A-Z][\w ]{0,20}:(?: |$)|\d+[.)] ")


def unwrap(lines: Sequence[str], *, printed: bool = True) -> str:
    """The lines as paragraphs; indented lines and items of a list stay on lines of their own.

    `printed`: for people, so perhaps for a terminal wider or narrower than usual; not in a JSON message.
    """
    width = _terminal_width(lines) if printed else 0
    paragraphs: list[str] = []
    before = ""
    for raw in lines:
        line = raw.rstrip()
        if paragraphs and _continues(before, line, width):
            paragraphs[-1] += " " + line
        elif line or (paragraphs and paragraphs[-1]):
            paragraphs.append(line)
        before = line
    return "\n".join(paragraphs).strip("\n")


def one_line(lines: Sequence[str]) -> str:
    """The lines as one, for a summary."""
    return " ".join(" ".join(lines).split())


def _continues(before: str, line: str, width: int) -> bool:
    if not _is_prose(before) or not _is_prose(line) or _ITEM.match(line):
        return False
    if width:
        return _reach(before, line) > width
    tail = before
    if len(before) > _WIDEST_PLAIN:
        tail = textwrap.wrap(before[-4 * _BOXED :], _BOXED, break_long_words=False, break_on_hyphens=False)[-1]
    return _reach(tail, line) > (_BOXED if _KEYED.match(line) else _RAGGED)


def _is_prose(line: str) -> bool:
    """Whether Terraform would wrap the line: not if it is empty or indented."""
    return line[:1] not in ("", " ", "\t")


def _reach(before: str, line: str) -> int:
    """The column to which `before` would have come with the first word of the next line."""
    return len(before) + 1 + len(line.split(" ", 1)[0])


def _terminal_width(lines: Sequence[str]) -> int:
    """The width for which these lines seem to be wrapped, where it is not the usual one; else 0."""
    prose = [line.rstrip() for line in lines]
    longest = max((len(line) for line in prose if _is_prose(line) and " " in line), default=0)
    if longest > _WIDEST_PLAIN:
        return longest
    breaks = [
        (line, after)
        for line, after in pairwise(prose)
        if _is_prose(line) and _is_prose(after) and not _ITEM.match(after)
    ]
    narrow = longest < _RAGGED and len(breaks) > 1 and all(_reach(line, after) > longest for line, after in breaks)
    return longest if narrow else 0

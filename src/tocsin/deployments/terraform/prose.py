"""Joins the lines that Terraform wrapped: paragraphs of a diagnostic as they were before they met a terminal's width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

# Terraform wraps for 78 columns where it knows of no terminal: 77 plain, 75 inside a box.
_BOXED = 75
PLAIN_WIDTH = 77
_WIDEST_PLAIN = 80
# A line is taken for wrapped when the next word would have passed this column. Less than the width, because messages
# themselves are written in lines of some 72 columns.
_RAGGED = 66
_ITEM = re.compile(r"[*•-] |- ?$|\d+[.)] |[{}\[\]]|[A-Z][\w ]{0,20}:(?: |$)")
_CLOSE_TO_FULL = 0.85


def unwrap(lines: Sequence[str]) -> str:
    """The lines as paragraphs; indented lines and items of a list stay on lines of their own."""
    wide = _terminal_width(lines)
    paragraphs: list[str] = []
    before = ""
    for raw in lines:
        line = raw.rstrip()
        if paragraphs and _continues(before, line, wide):
            paragraphs[-1] += " " + line
        elif line or (paragraphs and paragraphs[-1]):
            paragraphs.append(line)
        before = line
    return "\n".join(paragraphs).strip("\n")


def one_line(lines: Sequence[str]) -> str:
    """The lines as one, for a summary."""
    return " ".join(" ".join(lines).split())


def _continues(before: str, line: str, wide: int) -> bool:
    if not before or not line or before[0] in " \t" or line[0] in " \t" or _ITEM.match(line):
        return False
    word = line.split(" ", 1)[0]
    if wide:
        return len(before) + 1 + len(word) > wide
    tail = before
    if len(before) > _WIDEST_PLAIN:
        tail = textwrap.wrap(before[-4 * _BOXED :], _BOXED, break_long_words=False, break_on_hyphens=False)[-1]
    return len(tail) + 1 + len(word) > _RAGGED


def _terminal_width(lines: Sequence[str]) -> int:
    """The width of a wide terminal that wrapped these lines; 0 when they do not look so."""
    lengths = sorted(len(line) for line in lines if line[:1] not in ("", " ", "\t") and " " in line)
    if len(lengths) > 1 and lengths[-1] > _WIDEST_PLAIN and lengths[-2] > _CLOSE_TO_FULL * lengths[-1]:
        return lengths[-1]
    return 0

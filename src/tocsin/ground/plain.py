"""Text from outside, made harmless: names, messages and log lines may hold anything, and a terminal obeys much. Pure."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Sequence

# ECMA-48: CSI sequences; OSC, DCS, SOS, PM and APC strings up to their terminator; any other two-character escape.
_ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]?")
_SPACE = re.compile(r"\s+")


def _harmless(character: str) -> bool:
    # Cc are control characters, Cf invisible ones that can turn the reading direction, Cs halves of surrogates.
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


def plain(text: object) -> str:
    """One line of visible characters: escape sequences and invisible characters dropped, white space made single."""
    flat = _SPACE.sub(" ", _ESCAPES.sub("", str(text)))
    return "".join(filter(_harmless, flat)).strip()


def clipped(text: object, width: int) -> str:
    """As `plain`, cut to `width` characters with an ellipsis where it is longer."""
    line = plain(text)
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def sentence(text: object) -> str:
    """As `plain`, beginning with a capital letter."""
    line = plain(text)
    return f"{line[:1].upper()}{line[1:]}"


def command_line(argv: Sequence[str]) -> str:
    """A line that a POSIX shell splits back into `argv`; a comment instead where that could not be shown safely."""
    if any(not _harmless(character) for part in argv for character in part):
        return "# This command holds invisible characters; take it from --output json."
    return shlex.join(argv)

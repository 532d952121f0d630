"""Pieces of Markdown in which nothing that came from outside takes effect: text, inline code, commands. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tocsin.ground.plain import command_line, plain

# Only where it has a meaning (CommonMark, GitHub): chats show every backslash. Inside a word an underscore is plain.
_SPECIAL = re.compile(r"[\\`*\[\]~]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|^[#>+=|:-]")
_NUMBERED = re.compile(r"^(\d+)([.)])")
# An at sign before a name would call people or whole teams; a zero-width space after it keeps it from that.
_MENTION = re.compile(r"@(?=\w)")
_LINK = re.compile(r"(?<=\w)(?=://)|(?<=www)(?=\.)")
_UNSEEN = "\u200b"


def escaped(text: object) -> str:
    """Text as it stands in Markdown: nothing in it formats, links, embeds or mentions."""
    marked = _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", plain(text)))
    return _LINK.sub(_UNSEEN, _MENTION.sub(f"@{_UNSEEN}", marked))


def code(text: object) -> str:
    """Text as inline code, between more backticks than it holds in a row."""
    line = plain(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(argv: Sequence[str], indent: str = "") -> str:
    """A command as a block of code, each line after `indent`."""
    line = command_line(argv)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return "\n".join(f"{indent}{part}" for part in (f"{fence}sh", line, fence))

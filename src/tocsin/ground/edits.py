"""Texts that several people may edit: words that somebody has not seen are never written over. Pure."""

from __future__ import annotations

LONGEST = 100_000


class BadEdit(Exception):
    """An edit that can't be kept; the message says why, for the person who made it."""


def revised(text: str, *, seen: int, newest: int, author: str, what: str) -> str:
    """The text as it is kept: without NUL, its lines ended by LF, nothing around it.

    `seen` is the version that was edited, `newest` the one there is, which `author` wrote; `what` names the text, as in
    "the runbook". Raises BadEdit for a text that is too long, and where the newest version is not the one that was edited.
    """
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(kept) > LONGEST:
        raise BadEdit(f"That is too long for {what}: {len(kept):,} characters, {LONGEST:,} at most.")
    if seen != newest:
        raise BadEdit(f"{author} has changed {what} meanwhile. Take over what is theirs, then save again.")
    return kept

"""Excerpts of what was said: cut between words, with an ellipsis where something is left out."""

# A line of a log or a message, beside the names that a summary has to say.
_MOST = 160


def opening(text: str, most: int = _MOST) -> str:
    """Return how a text begins, in `most` characters at most; a word that would take most of it is cut itself."""
    text = text.strip()
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole = kept if text[most - 1].isspace() else kept[: _last_space(kept)]
    return f"{whole.rstrip() if len(whole) > most // 3 else kept}…"


def ending(text: str, most: int = _MOST) -> str:
    """Return how a text ends, in `most` characters at most; cut as by `opening`."""
    return opening(text[::-1], most)[::-1]


def _last_space(text: str) -> int:
    return max(0, *(text.rfind(space) for space in " \t\n"))

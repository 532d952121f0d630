"""Regular expressions that people type, limited so that none of them can hold up the intake of alerts. Pure.

Python's engine goes back and tries again, which can take exponential time where repetitions are nested. So only a part of its
language is taken, which alerting rules rarely leave: text, `.`, classes, anchors, groups of alternatives, and repetition of
single characters; and it is only ever tried on short text. With three open repetitions the time grows with the cube of 256.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

LONGEST_PATTERN = 500
# Names in Kubernetes have at most 253 characters.
LONGEST_TEXT = 256
MOST_OPEN_REPEATS = 3
_TOKEN = re.compile(
    r"""(?P<escape>\\[dDwWsSbB]|\\[^\w\s]|\\[nt])
    | (?P<klass>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<open>\((?:\?:)?(?!\?))
    | (?P<close>\))
    | (?P<repeat>[*+]|\{\d*,?\d*\})
    | (?P<optional>\?)
    | (?P<bar>\|)
    | (?P<char>[^\\\[\](){}*+?|])""",
    re.VERBOSE,
)


class BadPattern(ValueError):
    """A pattern that is not taken; the message says why, for the person who typed it."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, ready for `fullmatch` on text of at most LONGEST_TEXT characters. Raises BadPattern."""
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"a pattern may have at most {LONGEST_PATTERN} characters")
    _check(pattern)
    try:
        with warnings.catch_warnings():  # of what a later Python may read otherwise: nobody who typed it would see them
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise BadPattern(f"“{pattern}” is no regular expression: {error}") from error


def _check(pattern: str) -> None:
    position, before, repeats, branch = 0, "", [0], 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise BadPattern(f"“{pattern[position:]}”: this part of regular expressions is not taken")
        kind = str(token.lastgroup)
        if kind in ("repeat", "optional") and before in ("", "open", "bar", "repeat", "optional"):
            raise BadPattern(f"“{token[0]}” in “{pattern}” repeats nothing, or what is repeated already")
        if kind == "repeat":
            if before == "close":
                raise BadPattern(f"a group is repeated in “{pattern}”: that can take very long, and is not taken")
            repeats[branch] += 1
        if kind == "bar" and pattern[:position].count("(") == pattern[:position].count(")"):
            repeats, branch = [*repeats, 0], branch + 1
        position, before = token.end(), kind
    if max(repeats) > MOST_OPEN_REPEATS:
        raise BadPattern(f"“{pattern}” has more than {MOST_OPEN_REPEATS} repetitions (*, +, {{}}) in one alternative")

"""Lengths of time as people write and read them: 15 min, 4 h, 2 d. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SPAN = re.compile(r"(\d{1,4}) ?(min|h|d)", re.ASCII)
LONGEST = timedelta(days=30)


def read_span(text: str) -> timedelta:
    """The length that a text says. Raises ValueError, which says how to write one."""
    found = _SPAN.fullmatch(text.strip().lower())
    span = int(found[1]) * _UNITS[found[2]] if found else timedelta(0)
    if not timedelta(0) < span <= LONGEST:
        raise ValueError(f"“{text.strip()}” is no length of time: write 15 min, 4 h or 2 d (at most {LONGEST.days} d)")
    return span


def shown_span(span: timedelta) -> str:
    """A length in its two largest units: 1 h 20 min."""
    minutes = max(0, int(span.total_seconds() // 60))
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    first = next((index for index, (count, _) in enumerate(parts) if count), 2)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count or first == 2)

"""Numbers in addresses, as people and programs may mistype them. Pure."""

from __future__ import annotations

# What an id's column holds; no row has a larger one.
LARGEST_ID = 2**63 - 1
MOST_DIGITS = len(str(LARGEST_ID))


def row_number(text: str) -> int | None:
    """The row that `text` names; None where it names none. Python refuses to read a number of thousands of digits."""
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None

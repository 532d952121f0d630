"""Paging by cursor: where a page ended, as text that programs hand back unread. Pure."""

from __future__ import annotations

import base64
import binascii

from tocsin.web.pages.addresses import row_number

_MARK = "before:"


class BadCursor(ValueError):
    """No cursor of ours; the message says so."""


def cursor(row: int) -> str:
    """The cursor of a page that ended with `row`."""
    return base64.urlsafe_b64encode(f"{_MARK}{row}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> int:
    """The row a page ended with. Raises BadCursor."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        plain = ""
    row = row_number(plain.removeprefix(_MARK)) if plain.startswith(_MARK) else None
    if row is None:
        raise BadCursor("“cursor” is none that was handed out: take “next” of the page before as it is")
    return row

"""What a source understands in a payload: values, before anything is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class BadPayload(Exception):
    """A body a source can't understand; the message says what is wrong, for the sender."""


class ParsedAlert(msgspec.Struct, frozen=True):
    """One alert of a payload. `identity` is what makes it the same alert next time, within its source's environment.

    `starts_at` is None where the sender does not say; it then began when it was received.
    """

    identity: str
    title: str
    firing: bool
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    description: str = ""
    severity: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    links: dict[str, str] = {}


class Parsed(msgspec.Struct, frozen=True):
    """What one body says: its alerts, and what could not be understood in the rest of it."""

    alerts: tuple[ParsedAlert, ...]
    rejected: tuple[str, ...] = ()


def without_nul(text: str) -> str:
    """PostgreSQL stores no NUL; the replacement character shows where one was."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}") if "\x00" in text else text


def clean(mapping: dict[str, Any]) -> dict[str, str]:
    """Labels as text to text, whatever JSON they were."""
    if all(type(value) is str and "\x00" not in value for value in mapping.values()) and "\x00" not in "".join(mapping):
        return mapping  # the usual case, and a hot one
    return {without_nul(key): without_nul(_text(value)) for key, value in mapping.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()

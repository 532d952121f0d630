"""What a source understands in a payload: values, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from tocsin.alerts.runs import ReportedRun

Item = TypeVar("Item")
# Of a body with thousands of bad alerts the first reasons say enough.
MOST_REASONS = 5


class BadPayload(Exception):
    """A body a source can't understand; the message says what is wrong, for the sender."""


class ParsedAlert(msgspec.Struct, frozen=True):
    """One alert of a payload. `identity` is what makes it the same alert next time, within its source's environment.

    `starts_at` is None where the sender does not say; it then began when it was received. `is_event`: each firing that is
    reported is one of its own, and its end does not resolve an incident by itself: somebody decides.
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
    is_event: bool = False


class Parsed(msgspec.Struct, frozen=True):
    """What one body says: its alerts, what could not be understood in the rest of it, and runs of infrastructure tools."""

    alerts: tuple[ParsedAlert, ...]
    rejected: tuple[str, ...] = ()
    runs: tuple[ReportedRun, ...] = ()


def each(items: Iterable[Item], understand: Callable[[Item], ParsedAlert]) -> Parsed:
    """Understands a payload's alerts one by one: a bad one takes no other with it. Raises BadPayload when all are bad."""
    alerts, rejected = [], []
    for number, item in enumerate(items, 1):
        try:
            alerts.append(understand(item))
        except (BadPayload, msgspec.DecodeError) as error:
            rejected.append(f"alert {number}: {error}")
    if rejected and not alerts:
        raise BadPayload("; ".join(rejected[:MOST_REASONS]))
    return Parsed(tuple(alerts), tuple(rejected))


def plausible(time: datetime | None) -> datetime | None:
    """A time in UTC; None for one that only says "none", such as Go's year 1, or that a database can't keep."""
    return time.astimezone(UTC) if time is not None and 1970 < time.year < 9999 else None


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

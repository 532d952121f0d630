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
# What decoding JSON may raise: malformed, not UTF-8, nested too deeply.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class BadPayload(Exception):
    """A body a source can't understand; the message says what is wrong, for the sender."""


class ParsedAlert(msgspec.Struct, frozen=True):
    """One alert of a payload. `identity` is what makes it the same alert next time, within its source's environment.

    `title` is empty where a report tells only how an alert stands now; all else that is known of it then stays.
    `starts_at` is None where the sender does not say; it then began when it was received. `expires_at`: the firing is
    over by then unless it is reported again. `is_event`: each firing that is reported is one of its own, and its end does
    not resolve an incident by itself: somebody decides. `acknowledged`: the alert goes on, and somebody at the sender has
    taken it on; such a report begins nothing.
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
    expires_at: datetime | None = None
    acknowledged: bool = False


class Parsed(msgspec.Struct, frozen=True):
    """What one body says: its alerts, what could not be understood in the rest of it, and runs of infrastructure tools.

    `note` says why a body that was understood has nothing to alert about, for the sender.
    """

    alerts: tuple[ParsedAlert, ...]
    rejected: tuple[str, ...] = ()
    runs: tuple[ReportedRun, ...] = ()
    note: str = ""


def as_of(alert: ParsedAlert, now: datetime) -> ParsedAlert:
    """The alert as it stands at `now`: a firing that holds only until an earlier time is over."""
    if alert.expires_at is None or alert.expires_at > now or not alert.firing:
        return alert
    return msgspec.structs.replace(alert, firing=False, ends_at=alert.expires_at, expires_at=None)


def each(items: Iterable[Item], understand: Callable[[Item], ParsedAlert]) -> Parsed:
    """Understands a payload's alerts one by one: a bad one takes no other with it. Raises BadPayload when all are bad."""
    alerts, rejected = [], []
    for number, item in enumerate(items, 1):
        try:
            alerts.append(understand(item))
        except (BadPayload, *UNREADABLE) as error:
            rejected.append(without_nul(f"alert {number}: {error}"))
    if rejected and not alerts:
        raise BadPayload("; ".join(rejected[:MOST_REASONS]))
    return Parsed(tuple(alerts), tuple(rejected))


def plausible(time: datetime | None) -> datetime | None:
    """A time in UTC; None for one that only says "none", such as Go's year 1, or that a database can't keep."""
    return time.astimezone(UTC) if time is not None and 1970 < time.year < 9999 else None


def rfc3339(text: str) -> datetime | None:
    """An RFC 3339 time in UTC; None for an empty one and for Go's year 1, which is how it says "none". Raises BadPayload."""
    if not text:
        return None
    try:
        time = msgspec.convert(text, datetime)
    except msgspec.ValidationError as error:
        raise BadPayload(f"“{text}” is not an RFC 3339 time") from error
    if time.tzinfo is None:
        raise BadPayload(f"“{text}” has no time zone")
    return plausible(time)


def identity_of(labels: dict[str, str]) -> str:
    """The labels alone as an identity, whatever their order: what Prometheus and Alertmanager know an alert by."""
    return msgspec.json.encode(labels, order="sorted").decode()


def zoned(time: datetime | None) -> datetime | None:
    """A plausible time in UTC; None for one without a zone: nobody knows when that was."""
    return plausible(time) if time is not None and time.tzinfo is not None else None


def without_nul(text: str) -> str:
    """PostgreSQL stores no NUL; the replacement character shows where one was."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}") if "\x00" in text else text


def clean(mapping: dict[str, Any]) -> dict[str, str]:
    """Labels as text to text, whatever JSON they were."""
    if all(type(value) is str and "\x00" not in value for value in mapping.values()) and "\x00" not in "".join(mapping):
        return mapping  # the usual case, and a hot one
    return {without_nul(key): without_nul(_text(value)) for key, value in mapping.items()}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return msgspec.json.encode(value).decode()
    except RecursionError as error:
        raise BadPayload("a label is nested too deeply") from error

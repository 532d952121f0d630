"""Times and durations as kubectl prints them for people."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_UNITS = {"y": 365 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d{1,9}[ydhms])+")
_PART = re.compile(r"(\d+)([ydhms])")
_PRINTED = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")


def moment(text: str) -> datetime | None:
    """Return the time of "Wed, 18 Jun 2025 13:48:53 +0000" (RFC 1123), None for anything else."""
    if not _PRINTED.fullmatch(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def stamp(text: str) -> str | None:
    """Return the same time as objects hold it (RFC 3339, UTC)."""
    found = moment(text)
    return _stored(found) if found else None


def latest(text: str) -> datetime | None:
    """Return the latest time that a text names."""
    return max(filter(None, (moment(found[0]) for found in _PRINTED.finditer(text))), default=None)


def duration(text: str) -> timedelta | None:
    """Return how long "3h29m" is, None for what is none ("<invalid>")."""
    if not _DURATION.fullmatch(text):
        return None
    try:
        return timedelta(seconds=sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(text)))
    except OverflowError:
        return None


def ago(age: str, now: datetime | None) -> str | None:
    """Return the time that is so long before `now` (RFC 3339, UTC), None where either is unknown."""
    passed = duration(age)
    try:
        return _stored(now - passed) if now and passed is not None else None
    except OverflowError:
        return None


def _stored(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""What each severity calls for: by when to acknowledge, whom to notify, how to behave. Read from and written as JSON. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tocsin.catalog.calendar import WEEKDAYS, Calendar
from tocsin.incidents.triage.scale import Scale
from tocsin.incidents.triage.severity import Severity

Choice = TypeVar("Choice", bound=StrEnum)
NEXT_BUSINESS_DAY = "next business day"
AT_ONCE = "at once"
AT_ONCE_COUNTS_AS = timedelta(minutes=5)
LONGEST = timedelta(days=30)
MOST_NOTIFIED = 20
LONGEST_TEXT = 300
MOST_HOLIDAYS = 400
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SPAN = re.compile(r"(\d{1,4}) ?(min|h|d)")


class BadMatrix(ValueError):
    """A matrix that can't be used; the message says which part, and what to write there."""


class Hours(StrEnum):
    """When the time to acknowledge runs."""

    ALWAYS = "always"
    BUSINESS = "business hours"


@dataclass(frozen=True, slots=True)
class Level:
    """One severity's row. `acknowledge` is “at once”, “15 min”, “1 h”, “2 d” or “next business day”."""

    acknowledge: str
    hours: Hours
    notify: tuple[str, ...]
    conduct: str

    @property
    def span(self) -> timedelta | None:
        """The time to acknowledge; None for the next business day."""
        return _span(self.acknowledge)


DEFAULT_LEVELS = {
    Severity.CRITICAL: Level(
        AT_ONCE, Hours.ALWAYS, ("on-call", "on-call backup", "managers"), "Mitigate and escalate at once."
    ),
    Severity.HIGH: Level("15 min", Hours.ALWAYS, ("on-call",), "Mitigate, then escalate."),
    Severity.MEDIUM: Level("1 h", Hours.ALWAYS, ("owner team",), "Investigate, then mitigate or escalate."),
    Severity.LOW: Level(NEXT_BUSINESS_DAY, Hours.BUSINESS, ("owner team",), "Document and schedule."),
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """What a project, or the installation, has agreed on. `scale` is the installation's alone."""

    levels: Mapping[Severity, Level] = field(default_factory=lambda: dict(DEFAULT_LEVELS))
    calendar: Calendar = field(default_factory=Calendar)
    scale: Scale = Scale.WORDS


def written(matrix: Matrix) -> dict[str, Any]:
    """The matrix as JSON, which `parse` reads back to the same value."""
    levels = {
        severity.value: {
            "acknowledge": level.acknowledge,
            "hours": level.hours.value,
            "notify": list(level.notify),
            "conduct": level.conduct,
        }
        for severity, level in matrix.levels.items()
    }
    calendar = matrix.calendar
    return {
        "scale": matrix.scale.value,
        "levels": levels,
        "calendar": {
            "zone": calendar.zone,
            "days": [WEEKDAYS[day] for day in sorted(calendar.days)],
            "from": f"{calendar.opens:%H:%M}",
            "to": f"{calendar.closes:%H:%M}",
            "holidays": {day.isoformat(): name for day, name in sorted(calendar.holidays.items())},
        },
    }


def parse(document: object) -> Matrix:
    """The matrix that a JSON document describes; parts that are missing are as Tocsin's defaults. Raises BadMatrix."""
    given = _object(document, "the matrix", ("scale", "levels", "calendar"))
    scale = _choice(Scale, given.get("scale", Scale.WORDS), "scale")
    levels = dict(DEFAULT_LEVELS)
    for name, value in _object(given.get("levels", {}), "levels", tuple(Severity)).items():
        levels[Severity(name)] = _level(value, name, levels[Severity(name)])
    return Matrix(levels, _calendar(given.get("calendar", {})), scale)


def _level(value: object, name: str, default: Level) -> Level:
    given = _object(value, f"levels.{name}", ("acknowledge", "hours", "notify", "conduct"))
    acknowledge = _text(given.get("acknowledge", default.acknowledge), f"levels.{name}.acknowledge").strip().lower()
    try:
        span = _span(acknowledge)
    except ValueError as error:
        raise BadMatrix(f"levels.{name}.acknowledge: {error}") from None
    hours = _choice(Hours, given.get("hours", default.hours), f"levels.{name}.hours")
    notify = given.get("notify", list(default.notify))
    if not isinstance(notify, list) or len(notify) > MOST_NOTIFIED:
        raise BadMatrix(f"levels.{name}.notify: a list of at most {MOST_NOTIFIED} names is expected")
    names = tuple(_text(one, f"levels.{name}.notify").strip() for one in notify)
    conduct = _text(given.get("conduct", default.conduct), f"levels.{name}.conduct").strip()
    if span is None:
        hours = Hours.BUSINESS
    return Level(acknowledge, hours, tuple(one for one in names if one), conduct)


def _span(text: str) -> timedelta | None:
    if text == NEXT_BUSINESS_DAY:
        return None
    if text == AT_ONCE:
        return AT_ONCE_COUNTS_AS
    found = _SPAN.fullmatch(text)
    span = int(found[1]) * _UNITS[found[2]] if found else timedelta(0)
    if not timedelta(0) < span <= LONGEST:
        raise ValueError(
            f"“{text}”: write {AT_ONCE}, 15 min, 1 h, 2 d (at most {LONGEST.days} d) or {NEXT_BUSINESS_DAY}"
        )
    return span


def _calendar(value: object) -> Calendar:
    default = Calendar()
    given = _object(value, "calendar", ("zone", "days", "from", "to", "holidays"))
    zone = _text(given.get("zone", default.zone), "calendar.zone")
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # also of what is no name at all, or names a folder of zones
        raise BadMatrix(f"calendar.zone: “{zone}” is no time zone; write one such as Europe/Berlin or UTC") from None
    days = given.get("days", [WEEKDAYS[day] for day in sorted(default.days)])
    if not isinstance(days, list) or not days or any(day not in WEEKDAYS for day in days):
        raise BadMatrix(f"calendar.days: a list of at least one of {', '.join(WEEKDAYS)} is expected")
    opens, closes = _wall(given.get("from", "09:00"), "from"), _wall(given.get("to", "17:00"), "to")
    if opens >= closes:
        raise BadMatrix(f"calendar: the day must begin before it ends ({opens:%H:%M}–{closes:%H:%M})")
    holidays = _holidays(given.get("holidays", {}))
    return Calendar(zone, frozenset(WEEKDAYS.index(day) for day in days), opens, closes, holidays)


def _wall(value: object, name: str) -> time:
    try:
        return time.fromisoformat(_text(value, f"calendar.{name}")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadMatrix(f"calendar.{name}: “{value}” is no time of day; write it as 09:00") from None


def _holidays(value: object) -> dict[date, str]:
    if not isinstance(value, dict) or len(value) > MOST_HOLIDAYS:
        raise BadMatrix(f"calendar.holidays: days with their names are expected, at most {MOST_HOLIDAYS}")
    found = {}
    for day, name in value.items():
        try:
            found[date.fromisoformat(day)] = _text(name, f"calendar.holidays.{day}")
        except ValueError as error:
            if isinstance(error, BadMatrix):
                raise
            raise BadMatrix(f"calendar.holidays: “{day}” is no day; write it as 2026-12-25") from None
    return found


def _object(value: object, name: str, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadMatrix(f"{name}: an object is expected")
    for key in value:
        if key not in known:
            raise BadMatrix(f"{name}: “{key}” is unknown; there is {', '.join(known)}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise BadMatrix(f"{name}: a text of at most {LONGEST_TEXT} characters is expected")
    return value


def _choice(kind: type[Choice], value: object, name: str) -> Choice:
    try:
        return kind(str(value))
    except ValueError:
        raise BadMatrix(f"{name}: “{value}” is unknown; choose one of {', '.join(kind)}") from None

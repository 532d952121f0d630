"""Times as people write them and as they are kept: minutes of a clock on the wall, `2026-03-02T09:00`. Pure."""

from __future__ import annotations

from datetime import date, datetime, time

from tocsin.oncall.clock import DAY, BadSchedule, Span, instant, shown, zone_named
from tocsin.oncall.rotation import YEARS

FORMAT = "%Y-%m-%dT%H:%M"


def wall(text: str) -> datetime:
    """A written time; a day alone is its beginning. Raises BadSchedule."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadSchedule(f"“{text}” is no time; write one such as 2026-03-02T09:00.") from error
    if found.tzinfo is not None or found.year not in YEARS:
        raise BadSchedule(f"“{text}” is no time of a clock on the wall; write one such as 2026-03-02T09:00.")
    return found.replace(second=0, microsecond=0)


def within_reach(at: datetime) -> datetime:
    """An instant at which one can ask who is on call. Raises BadSchedule for one so far that dates end before it is answered."""
    if at.year not in YEARS:
        raise BadSchedule(f"Ask for a time from {YEARS.start} to {YEARS.stop - 1}.")
    return at


def kept(at: datetime) -> str:
    """A wall time as it is kept."""
    return at.strftime(FORMAT)


def span_of(starts: str, ends: str, zone: str) -> Span:
    """What two written times of a zone mean. Raises BadSchedule, also where the end does not come after the start."""
    place = zone_named(zone)
    first, last = wall(starts), wall(ends)
    if first >= last:
        raise BadSchedule("The end must come after the start.")
    return Span(instant(first, place), instant(last, place))


def seen(at: datetime, zone: str) -> str:
    """An instant as the clock of a zone shows it, as it is kept."""
    return kept(shown(at, zone_named(zone)))


def days(first: date, last: date, zone: str) -> Span:
    """Whole days of a zone, both included."""
    place = zone_named(zone)
    ends = (datetime.combine(day, time()) for day in (first, last + DAY))
    return Span(*(instant(each, place) for each in ends))

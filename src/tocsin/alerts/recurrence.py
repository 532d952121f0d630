"""When a silence holds: once, or again and again by the wall clock of a time zone (RRULE, RFC 5545). Pure.

A window begins and ends at times of that clock, so "Sundays 02:00 to 04:00" stays so over daylight saving: the night in which the
clock jumps over 02:30 has an hour less, the one in which it repeats has an hour more. A start that the clock skips counts as
the same time before the jump would have (PEP 495, fold=0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrule, rrulestr

LONGEST_RULE = 200
# A window that began this long ago may still hold.
LONGEST_WINDOW = timedelta(days=31)
# Without an end, a rule that never holds, such as a 31st of February, would be followed up to the year 9999.
HORIZON = timedelta(days=30 * 366)
_NO_STEP = re.compile(r"\bINTERVAL=0+\b", re.IGNORECASE)
_FREQUENCY = re.compile(r"\bFREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)\b", re.IGNORECASE)


class BadRecurrence(ValueError):
    """A rule, a zone or times that make no sense; the message says why, for the person who typed them."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, in UTC; the end is not part of it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """When a silence holds: from `starts_at` to `ends_at`; with a rule, again at each of its days by the clock of `zone`."""

    starts_at: datetime
    ends_at: datetime
    rule: str = ""
    zone: str = "UTC"

    def window(self, now: datetime) -> Window | None:
        """The window that holds at `now`, else the next one; None where all are over. Raises BadRecurrence."""
        if not self.rule:
            return Window(self.starts_at, self.ends_at) if now < self.ends_at else None
        zone = time_zone(self.zone)
        first, last = (_wall(at, zone) for at in (self.starts_at, self.ends_at))
        rule = _rule(self.rule, first)
        # The latest that began by now may hold still; one the clock moved back over is looked for an hour more.
        around = rule.before(_wall(now, zone) + timedelta(hours=3), inc=True)
        for start in (rule.before(around) if around else None, around):
            if start and now < (found := _window(start, start + (last - first), zone)).end:
                return found
        following = rule.after(around or first, inc=around is None)
        return _window(following, following + (last - first), zone) if following else None


def check(plan: Plan) -> None:
    """Raises BadRecurrence where a plan can't be followed."""
    if plan.ends_at <= plan.starts_at:
        raise BadRecurrence("The end must come after the start.")
    if not plan.rule:
        return
    if plan.ends_at - plan.starts_at > LONGEST_WINDOW:
        raise BadRecurrence(f"A recurring window may last at most {LONGEST_WINDOW.days} days.")
    zone = time_zone(plan.zone)
    starts = list(_rule(plan.rule, _wall(plan.starts_at, zone))[:2])
    if not starts:
        raise BadRecurrence("By this rule it would never begin.")
    if len(starts) == 2 and starts[1] - starts[0] < plan.ends_at - plan.starts_at:
        raise BadRecurrence("A window would begin before the one before it has ended: use one without a rule.")


def time_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises BadRecurrence."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRecurrence(f"“{name}” is no time zone; write one such as Europe/Berlin.") from error


def _rule(text: str, first: datetime) -> rrule:
    if len(text) > LONGEST_RULE or "\n" in text or ":" in text.removeprefix("RRULE:"):
        raise BadRecurrence("Write the rule in one line, such as FREQ=WEEKLY;BYDAY=SU.")
    if not _FREQUENCY.search(text):
        raise BadRecurrence("A rule recurs daily, weekly, monthly or yearly: begin it with FREQ=WEEKLY, for example.")
    if _NO_STEP.search(text):
        raise BadRecurrence("INTERVAL is 1 or more: 2 is every other time.")
    try:
        rule = rrulestr(text, dtstart=first, ignoretz=True)
        ends = [end for end in (rule._until, first + HORIZON) if end is not None]
        rule = rule.replace(until=min(ends)) if rule._count is None else rule
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise BadRecurrence(f"“{text}” is no recurrence rule: {error}.") from error
    return rule


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _window(start: datetime, end: datetime, zone: ZoneInfo) -> Window:
    first, last = (at.replace(tzinfo=zone).astimezone(UTC) for at in (start, end))
    return Window(first, max(last, first + timedelta(minutes=1)))

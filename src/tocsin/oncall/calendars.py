"""Calendars as others write and read them (iCalendar, RFC 5545): shifts out, absences in. Pure.

What comes in is a stranger's: its size, its events and how often they recur are bounded before anything is counted out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component, Event

from tocsin.ground.plain import plain
from tocsin.oncall.clock import BadSchedule, Span, shown, zone_named
from tocsin.oncall.shifts import Shift
from tocsin.oncall.walls import kept

MOST_BYTES, MOST_EVENTS, MOST_RECURRING, LONGEST_REASON = 512 * 1024, 1000, 50, 200
# How many days each goes on by. Those that recur more often than daily are no absences, and would take for ever to count out.
FREQUENCIES = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")
# They are counted out from their first day on, which may be any: so many days are a second or two, all together.
MOST_COUNTED = 300_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift as a calendar shows it. `is_open`: its end is not known, only that it lies further ahead."""

    title: str
    shift: Shift
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """An event of somebody's calendar, in times of their clock as they are kept."""

    starts: str
    ends: str
    reason: str


def published(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """A calendar of shifts. The same shift keeps its identity, so that a reader's copy moves with it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tocsin//on call//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plain(name))
    for entry in entries:
        event = Event()
        shift = entry.shift
        told = f"{name}|{entry.title}|{shift.person}|{shift.span.start.isoformat()}"
        event.add("uid", f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@tocsin")
        event.add("dtstamp", now)
        event.add("dtstart", shift.span.start)
        event.add("dtend", shift.span.end)
        event.add("summary", f"{entry.title} …" if entry.is_open else entry.title)
        event.add("description", f"{shift.reason}; goes on, beyond this calendar" if entry.is_open else shift.reason)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def absences(raw: bytes, zone: str, span: Span) -> list[Away]:
    """The events of a calendar that touch a span, save those that are cancelled or say that one is free.

    A whole day is one of the clock in `zone`, and so is a time that names no zone. Raises BadSchedule for what is no calendar.
    """
    if len(raw) > MOST_BYTES:
        raise BadSchedule(f"The calendar is larger than {MOST_BYTES >> 10} KiB.")
    try:
        calendar = Calendar.from_ical(raw)
        _bounded(calendar, span.end.date())
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(span.start, span.end)
        aways = [away for event in found if (away := _away(event, zone))]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        if isinstance(error, BadSchedule):
            raise
        raise BadSchedule("There is no calendar at this address: it has to answer as iCalendar (.ics).") from error
    return sorted(aways, key=lambda away: away.starts)


def _bounded(calendar: Calendar, until: date) -> None:
    events = calendar.walk("VEVENT")
    rules = [(rule, event) for event in events for rule in _rules(event)]
    if len(events) > MOST_EVENTS or len(rules) > MOST_RECURRING:
        raise BadSchedule(f"The calendar has more than {MOST_EVENTS} events, or {MOST_RECURRING} that recur.")
    if any(set(rule.get("FREQ", ())) - set(FREQUENCIES) or any(name in rule for name in _FINE) for rule, _ in rules):
        raise BadSchedule("The calendar has an event that recurs more often than daily.")
    if any(interval < 1 for rule, _ in rules for interval in rule.get("INTERVAL", ())):  # it would never be counted out
        raise BadSchedule("The calendar has an event that recurs every 0 days.")
    if sum(_counted(rule, event, until) for rule, event in rules) > MOST_COUNTED:
        raise BadSchedule("The calendar has events that recur since too long ago: let them begin in the last years.")


def _rules(event: Component) -> list[Mapping[str, list[Any]]]:
    told: list[Any] = [event.get(name, []) for name in ("RRULE", "EXRULE")]
    return [rule for each in told for rule in (each if isinstance(each, list) else [each])]


def _counted(rule: Mapping[str, list[Any]], event: Component, until: date) -> int:
    """How much is counted out for a rule; one that chooses days within its months or years looks at each of them."""
    begins: Any = event["DTSTART"]
    first = begins.dt.date() if isinstance(begins.dt, datetime) else begins.dt
    days = (until - first).days
    is_choosing = any(name.startswith("BY") for name in rule)
    return max(days, 0) // (1 if is_choosing else FREQUENCIES[rule["FREQ"][0]])


def _away(event: Event, zone: str) -> Away | None:
    if event.get("STATUS") == "CANCELLED" or event.get("TRANSP") == "TRANSPARENT":
        return None
    first, last = _wall(event.start, zone), _wall(event.end, zone)
    if last <= first:
        return None
    return Away(kept(first), kept(last + _UP), " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_REASON])


# Kept times are whole minutes: who is away for a part of one is away for all of it.
_UP = timedelta(seconds=59)


def _wall(at: date, zone: str) -> datetime:
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    return at if at.tzinfo is None else shown(at, zone_named(zone))

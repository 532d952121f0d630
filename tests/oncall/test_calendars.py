"""Calendars out and in."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from tests.oncall.schedules import utc
from tocsin.oncall.calendars import MOST_BYTES, Away, Entry, absences, published
from tocsin.oncall.clock import BadSchedule, Span
from tocsin.oncall.shifts import Shift

YEAR = Span(utc(1, 1), utc(12, 31))


def ics(*events: str) -> bytes:
    """A calendar of events, each by its lines."""
    told = "".join(f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{told}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events: str) -> list[Away]:
    return absences(ics(*events), "Europe/Berlin", YEAR)


def test_a_shift_becomes_an_event_in_utc_and_keeps_its_identity() -> None:
    shift = Shift("alice", Span(utc(3, 2, 8), utc(3, 9, 8)), "their turn in “Primary”")
    once, again = (published("Shop", [Entry("alice", shift)], utc(3, day)).splitlines() for day in (1, 2))
    assert {b"DTSTART:20260302T080000Z", b"DTEND:20260309T080000Z", b"SUMMARY:alice"} <= set(once)
    assert {line[:8] for line in set(once) ^ set(again)} == {b"DTSTAMP:"}


def test_a_shift_whose_end_is_not_known_says_so_and_keeps_its_identity() -> None:
    shift = Shift("alice", Span(utc(3, 2, 8), utc(3, 9, 8)), "their turn in “Primary”")
    ended, still = (published("Shop", [Entry("alice", shift, is_open)], utc(3, 1)) for is_open in (False, True))
    assert "SUMMARY:alice …" in still.decode()
    assert {line for line in ended.splitlines() if b"UID" in line} <= set(still.splitlines())


def test_hostile_text_stays_text() -> None:
    shift = Shift("x", Span(utc(3, 2), utc(3, 3)), "a\r\nEND:VEVENT\r\nBEGIN:VEVENT")
    raw = published("a;b,c\nX-EVIL:1", [Entry("y\nATTENDEE:z", shift)], utc(3, 1))
    assert b"\r\nX-EVIL" not in raw
    assert len(Calendar.from_ical(raw).walk("VEVENT")) == 1


def test_whole_days_are_days_of_ones_own_clock() -> None:
    event = "SUMMARY:Lisbon\nDTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260711"
    assert read(event) == [Away("2026-07-01T00:00", "2026-07-11T00:00", "Lisbon")]


def test_a_day_without_an_end_is_one_day() -> None:
    assert read("DTSTART;VALUE=DATE:20260701") == [Away("2026-07-01T00:00", "2026-07-02T00:00", "")]


def test_times_are_turned_to_ones_own_clock() -> None:
    assert read("DTSTART:20260701T080000Z\nDTEND:20260701T093020Z") == [
        Away("2026-07-01T10:00", "2026-07-01T11:31", "")
    ]


def test_what_recurs_is_counted_out_within_the_span() -> None:
    fridays = "SUMMARY:Off\nDTSTART;VALUE=DATE:20200103\nRRULE:FREQ=WEEKLY"
    assert len(read(fridays)) == 52


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"])
def test_what_is_cancelled_or_free_is_no_absence(line: str) -> None:
    assert read(f"DTSTART;VALUE=DATE:20260701\n{line}") == []


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"<html>", "no calendar at this address"),
        (b"", "no calendar at this address"),
        (ics("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=SECONDLY"), "more often than daily"),
        (ics("DTSTART:20260701T000000Z\nRRULE:FREQ=DAILY;BYMINUTE=1,2,3"), "more often than daily"),
        (ics("DTSTART:20260701T000000Z\nRRULE:FREQ=DAILY\nEXRULE:FREQ=SECONDLY"), "more often than daily"),
        (ics("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY;INTERVAL=0"), "every 0 days"),
        (ics("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"), "since too long ago"),
        (ics("DTSTART;VALUE=DATE:10000101\nRRULE:FREQ=YEARLY;BYDAY=MO;BYSETPOS=366"), "since too long ago"),
        (ics("DTSTART:20260701T000000Z\nDTEND:99991231T235959Z"), "no calendar"),
        (ics(*["DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=DAILY"] * 51), "more than 1000 events, or 50 that recur"),
        (b"x" * (MOST_BYTES + 1), "larger than 512 KiB"),
    ],
)
def test_what_is_no_calendar_or_would_never_end_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadSchedule, match=why):
        absences(raw, "Europe/Berlin", YEAR)

"""What the product says against what the imported schedule says."""

from __future__ import annotations

from datetime import datetime

from tests.oncall.schedules import layer, utc
from tocsin.oncall.clock import Span
from tocsin.oncall.imports.comparing import Difference, differences
from tocsin.oncall.imports.found import Entry
from tocsin.oncall.schedule import Schedule

SCHEDULE = Schedule((layer(),))
NOW = utc(3, 3)


def entry(person: str, start: datetime, end: datetime) -> Entry:
    return Entry(person, Span(start, end))


def test_equal_turns_do_not_differ() -> None:
    said = [entry("alice", utc(3, 2, 8), utc(3, 9, 8)), entry("bob", utc(3, 9, 8), utc(3, 16, 8))]
    assert differences(SCHEDULE, said, NOW) == []


def test_a_stretch_with_another_person_is_told_as_one() -> None:
    said = [entry("alice", utc(3, 2, 8), utc(3, 4, 8)), entry("carol", utc(3, 4, 8), utc(3, 5, 8))]
    said.append(entry("carol", utc(3, 5, 8), utc(3, 6, 8)))
    assert differences(SCHEDULE, said, NOW) == [Difference(Span(utc(3, 4, 8), utc(3, 6, 8)), ("carol",), ("alice",))]


def test_a_gap_there_is_told() -> None:
    said = [entry("alice", utc(3, 2, 8), utc(3, 4, 8)), entry("alice", utc(3, 5, 8), utc(3, 6, 8))]
    assert differences(SCHEDULE, said, NOW) == [Difference(Span(utc(3, 4, 8), utc(3, 5, 8)), (), ("alice",))]


def test_what_is_over_was_not_compared() -> None:
    assert differences(SCHEDULE, [entry("carol", utc(3, 1, 8), utc(3, 2, 8))], NOW) is None
    assert differences(SCHEDULE, [], NOW) is None

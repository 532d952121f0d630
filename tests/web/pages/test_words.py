"""Words for values."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tocsin.web.pages.words import duration, percent, utc


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(hours=3, minutes=5), "3 h 05 min"),
        (timedelta(days=2, hours=4, minutes=59), "2 d 4 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert duration(length) == words


@pytest.mark.parametrize(
    ("probability", "words"), [(0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_only_certainty_is_a_hundred_percent(probability: float, words: str) -> None:
    assert percent(probability) == words


def test_times_are_written_in_utc_whatever_zone_they_come_in() -> None:
    assert utc(datetime(2026, 3, 1, 3, 5, tzinfo=UTC)) == "1 Mar 03:05 UTC"
    assert utc(datetime(2026, 3, 1, 0, 5, tzinfo=timezone(timedelta(hours=2)))) == "28 Feb 22:05 UTC"

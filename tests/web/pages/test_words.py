"""Words for values."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.web.pages.words import duration, look_at, money, percent, utc


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


@pytest.mark.parametrize(
    ("amount", "words"), [("368.75", "+369 USD"), ("-3.5", "−3.50 USD"), ("0", "+0.00 USD"), ("-1361.31", "−1,361 USD")]
)
def test_a_difference_of_money_has_its_sign(amount: str, words: str) -> None:
    assert money(Decimal(amount), "USD", is_difference=True) == words


@pytest.mark.parametrize(
    ("subject", "command"),
    [
        (Subject("Pod", "shop", "cart-1"), "kubectl describe pod cart-1 -n shop"),
        (Subject("Node", "", "a"), "kubectl describe node a"),
        (Subject("Resource", "", "cloud_disk.a"), "terraform state show cloud_disk.a"),
        (Subject("Run", "", "terraform apply"), ""),
    ],
)
def test_what_to_look_at_depends_on_what_it_is(subject: Subject, command: str) -> None:
    assert " ".join(look_at(subject)) == command

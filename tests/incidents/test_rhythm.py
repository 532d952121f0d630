"""By when the next update is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW
from tocsin.incidents.rhythm import DEFAULT, BadRhythm, Said, due, read_rhythm
from tocsin.incidents.triage import Severity

HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)


def test_tocsin_brings_a_rhythm() -> None:
    rhythm = read_rhythm(DEFAULT)
    assert rhythm[Severity.CRITICAL] == HALF_HOUR
    assert rhythm[Severity.LOW] is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("critical: 30 min", "Say how often high, medium, low"),
        (DEFAULT.replace("low", "tiny"), "begin with critical, high, medium, low"),
        (DEFAULT.replace("4 h", "often"), "medium: “often” is no length of time"),
        ("", "Say how often"),
    ],
)
def test_a_rhythm_that_can_not_be_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadRhythm, match=why):
        read_rhythm(text)


def test_the_first_update_is_due_from_the_beginning() -> None:
    assert due(HALF_HOUR, NOW, []) == (NOW, NOW + HALF_HOUR)


def test_an_update_sets_the_clock_anew() -> None:
    assert due(HALF_HOUR, NOW, [Said(NOW + HOUR, None)]) == (NOW + HOUR, NOW + HOUR + HALF_HOUR)


def test_a_promise_takes_the_place_of_the_rhythm() -> None:
    assert due(HALF_HOUR, NOW, [Said(NOW, NOW + 2 * HOUR)]) == (NOW, NOW + 2 * HOUR)


def test_what_was_promised_to_the_other_audience_still_holds() -> None:
    told = [Said(NOW, NOW + HALF_HOUR), Said(NOW + timedelta(minutes=10), NOW + 3 * HOUR)]
    assert due(HOUR, NOW, told) == (NOW + timedelta(minutes=10), NOW + HALF_HOUR)
    assert due(timedelta(minutes=5), NOW, [told[0], Said(NOW + timedelta(minutes=10), None)]) == (
        NOW + timedelta(minutes=10),
        NOW + timedelta(minutes=15),
    )


def test_nothing_is_due_where_nothing_is_called_for_or_promised() -> None:
    assert due(None, NOW, []) is None
    assert due(None, NOW, [Said(NOW, NOW + HOUR, is_last=True)]) is None


def test_a_promise_holds_where_the_severity_calls_for_nothing() -> None:
    assert due(None, NOW, [Said(NOW, NOW + HOUR)]) == (NOW, NOW + HOUR)

"""What all sources share: times, text, and how an alert stands at a time."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import NOW
from tocsin.alerts.parsed import ParsedAlert, as_of


def test_a_firing_that_holds_until_a_time_is_over_from_then_on() -> None:
    alert = ParsedAlert("a", "A", True, expires_at=NOW)
    assert as_of(alert, NOW - timedelta(seconds=1)) is alert
    over = as_of(alert, NOW + timedelta(seconds=1))
    assert (over.firing, over.ends_at) == (False, NOW)


def test_a_firing_without_such_a_time_goes_on() -> None:
    alert = ParsedAlert("a", "A", True)
    assert as_of(alert, NOW) is alert

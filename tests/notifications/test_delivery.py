"""When a message is tried again, held back or given up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.incidents.triage import Severity
from tocsin.notifications.channel import Limit, Refused
from tocsin.notifications.delivery import (
    LIMITS,
    LONGEST_WAIT,
    Again,
    Ends,
    Held,
    QuietHours,
    after_refusal,
    hushed,
    limited,
)

BUSY = Refused("answered 503", is_temporary=True)
NIGHT = QuietHours(time(22), time(7), "Europe/Istanbul")  # three hours ahead of UTC


def test_what_is_refused_for_good_ends_at_once() -> None:
    found = after_refusal(Refused("answered 404", False), 1, NOW, NOW, jitter=0)
    assert found == Ends("answered 404", is_refused=True)


@given(st.integers(1, 60), st.floats(0, 1))
def test_a_wait_grows_to_its_longest_and_leaves_half_to_chance(attempt: int, jitter: float) -> None:
    found = after_refusal(BUSY, attempt, NOW, NOW, jitter=jitter)
    assert isinstance(found, Again)
    whole = min(timedelta(seconds=2 ** min(attempt, 30)), LONGEST_WAIT)
    assert NOW + whole / 2 <= found.at <= NOW + whole


def test_a_vendor_that_names_a_time_is_not_asked_earlier() -> None:
    found = after_refusal(Refused("answered 429", True, after_s=90), 1, NOW, NOW, jitter=1)
    assert found == Again(NOW + timedelta(seconds=90), "answered 429")


def test_patience_ends_with_how_often_it_was_tried() -> None:
    found = after_refusal(BUSY, 40, NOW - timedelta(hours=24), NOW, jitter=0)
    assert found == Ends("answered 503; tried 40 times in 24 h", is_refused=False)


def test_a_call_is_given_up_sooner_than_news() -> None:
    since = NOW - timedelta(hours=3)
    assert isinstance(after_refusal(BUSY, 9, since, NOW, jitter=0, is_call=True), Ends)
    assert isinstance(after_refusal(BUSY, 9, since, NOW, jitter=0), Again)


@given(st.sampled_from(list(Limit)), st.lists(st.integers(0, 7200), max_size=60))
def test_however_many_wait_no_window_ever_holds_more_than_its_limit(limit: Limit, arrivals: list[int]) -> None:
    sent: list[datetime] = []
    for arrival in sorted(arrivals):
        at = NOW + timedelta(seconds=arrival)
        at = max(at, sent[-1]) if sent else at
        while held := limited(limit, sent, at):
            assert held.until > at
            at = held.until
        sent.append(at)
    for most, window in LIMITS[limit]:
        assert all(later - earlier >= window for earlier, later in zip(sent, sent[most:], strict=False))


def test_a_fourth_call_within_a_quarter_of_an_hour_waits_for_the_first_to_be_old() -> None:
    sent = [NOW - timedelta(minutes=ago) for ago in (14, 10, 1)]
    assert limited(Limit.VOICE, sent, NOW) == Held(
        NOW + timedelta(minutes=1), "3 in 15 min are the most: the rest is bundled"
    )


def test_quiet_hours_end_in_the_morning_of_the_right_day() -> None:
    held = hushed(NIGHT, Severity.HIGH, NOW)  # 03:00 UTC is 06:00 there
    assert held is not None
    assert held.until == NOW + timedelta(hours=1)
    late = hushed(NIGHT, Severity.HIGH, NOW - timedelta(hours=7))  # 23:00 the day before
    assert late is not None
    assert late.until == held.until


def test_what_is_critical_breaks_quiet_hours() -> None:
    assert hushed(NIGHT, Severity.CRITICAL, NOW) is None


def test_by_day_nothing_is_hushed() -> None:
    assert hushed(NIGHT, Severity.LOW, NOW + timedelta(hours=1)) is None
    assert hushed(QuietHours(time(12), time(13), "UTC"), Severity.LOW, NOW) is None
    assert hushed(None, Severity.LOW, NOW) is None

"""How a report changes what is known of an alert."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.alerts.firing import AlertChanges, Change, Known, Report, StoredAlert, take
from tocsin.alerts.parsed import ParsedAlert


def report(firing: bool, starts_at: datetime | None = NOW, ends_at: datetime | None = None) -> ParsedAlert:
    return ParsedAlert("a", "A", firing, starts_at, ends_at)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_it_begins_and_ends() -> None:
    known = Known()
    assert take(known, report(True), later(1)).at == NOW
    assert take(known, report(False, ends_at=later(2)), later(3)).at == later(2)
    assert known.open_since is None


def test_firing_again_while_firing_is_nothing_new() -> None:
    assert take(Known(NOW, NOW), report(True), later(1)).change is Change.NOTHING_NEW


def test_a_resolution_of_what_did_not_fire_is_nothing_new() -> None:
    assert take(Known(), report(False), later(1)).change is Change.NOTHING_NEW


def test_an_old_start_after_the_end_begins_when_it_arrived() -> None:
    assert take(Known(None, NOW), report(True), later(5)).at == later(5)


def test_a_start_before_the_last_one_is_not_lost_when_a_clock_was_ahead() -> None:
    assert take(Known(None, later(1)), report(True, starts_at=None), later(0.5)).change is Change.BEGAN


def test_a_resolution_of_an_earlier_firing_that_comes_late_ends_nothing() -> None:
    known = Known(later(5), later(5))
    assert take(known, report(False, NOW, later(2)), later(6)).change is Change.NOTHING_NEW
    assert take(known, report(False, NOW, later(5.5)), later(6)).change is Change.ENDED


def test_a_start_in_the_future_is_a_clock_that_is_wrong() -> None:
    assert take(Known(), report(True, starts_at=later(60)), later(1)).at == later(1)


@given(st.lists(st.tuples(st.booleans(), st.none() | st.integers(-5, 500), st.integers(0, 100)), max_size=30))
def test_starts_only_grow_and_at_most_one_is_open(events: list[tuple[bool, int | None, int]]) -> None:
    known, received, starts = Known(), NOW, []
    for firing, start, wait in events:
        received += timedelta(seconds=wait)
        effect = take(known, report(firing, None if start is None else NOW + timedelta(seconds=start)), received)
        if effect.change is Change.BEGAN:
            starts.append(effect.at)
        assert (known.open_since is not None) == (effect.change is Change.BEGAN or (firing and bool(starts)))
    assert starts == sorted(set(starts))


def test_that_somebody_took_it_on_neither_begins_nor_ends_it() -> None:
    taken = ParsedAlert("a", "", True, acknowledged=True)
    assert [take(known, taken, later(1)).change for known in (Known(), Known(NOW, NOW))] == [Change.NOTHING_NEW] * 2


def test_a_report_that_names_nothing_leaves_the_name_as_it_is() -> None:
    alert, changes = StoredAlert(1, 1, 1, "f", Known()), AlertChanges()
    for parsed in (report(True), ParsedAlert("a", "", False)):
        changes.apply(alert, Report(1, 1, "generic", 1, later(1), parsed), iter([7]))
    assert alert.report is not None
    assert (alert.report.title, list(changes.ended)) == ("A", [7])

"""Whether signals come in."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import NOW, make_source
from tests.web.pages.stored import make_signal
from tocsin.alerts.models import Signal
from tocsin.catalog.models import Source
from tocsin.web.pages import intake as module
from tocsin.web.pages.intake import Intake

HOUR = timedelta(hours=1)


def intake(now: datetime) -> Intake:
    return module.intake(now, Source.objects.all(), Signal.objects.all())


@pytest.mark.parametrize(
    ("came_in", "state"),
    [
        (Intake(False, None), "no-source"),
        (Intake(False, NOW), "no-source"),
        (Intake(True, None), "silent"),
        (Intake(True, None, NOW, 1), "rejecting"),
        (Intake(True, NOW - HOUR, NOW, 1), "rejecting"),
        (Intake(True, NOW, NOW, 1), "quiet"),
        (Intake(True, NOW, NOW - HOUR, 1), "quiet"),
        (Intake(True, NOW - 25 * HOUR), "stale"),
        (Intake(True, NOW - 23 * HOUR), "quiet"),
    ],
)
def test_what_no_open_incident_means(came_in: Intake, state: str) -> None:
    assert came_in.state(NOW) == state


def test_a_source_that_was_revoked_is_none(db: None) -> None:
    source, _ = make_source()
    assert intake(NOW).has_source
    Source.objects.filter(pk=source.pk).update(revoked_at=NOW)
    assert not intake(NOW).has_source


def test_the_newest_of_each_kind_and_how_many_were_rejected_lately(db: None) -> None:
    make_signal(received_at=NOW - 30 * HOUR, body="", error="long ago")
    make_signal(received_at=NOW - 3 * HOUR)
    make_signal(received_at=NOW - 2 * HOUR, error="one alert of two")
    make_signal(received_at=NOW - HOUR, body="", error="not JSON")
    came_in = intake(NOW)
    assert (came_in.accepted_at, came_in.rejected_at) == (NOW - 2 * HOUR, NOW - HOUR)
    assert came_in.rejected == 2


def test_a_flood_of_rejected_signals_is_counted_only_so_far(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 3)
    make_signal()
    for _ in range(4):
        make_signal(body="", error="not JSON")
    came_in = intake(timezone.now() + HOUR)
    assert came_in.rejected == 3
    assert came_in.is_rejected_beyond_count
    assert came_in.accepted_at is None


def test_a_test_of_our_own_is_no_signal_that_came_in(db: None) -> None:
    make_signal(is_test=True)
    assert intake(NOW).accepted_at is None

"""When an incident began, was noticed and ended, as people correct it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories import NOW, make_incident
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.times import Times, correct


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (Times(ago(30), ago(20), ago(2)), ""),
        (Times(None, None, None), ""),
        (Times(ago(-1), None, None), "That it began can't be in the future"),
        (Times(ago(10), ago(20), None), "That it was detected (2026-03-01 02:40 UTC) can't be before it began"),
        (Times(ago(3), None, None), "That it was detected (2026-03-01 02:55 UTC) can't be before it began"),
        (Times(None, ago(20), ago(30)), "That it was resolved"),
        (Times(None, ago(20), ago(10)), "can't be before it was triggered (2026-03-01 02:55 UTC)"),
    ],
)
def test_times_follow_each_other(times: Times, says: str) -> None:
    fault = times.fault(triggered=ago(5), now=NOW)
    assert says in fault
    assert bool(says) == bool(fault)


@pytest.mark.django_db
def test_a_correction_is_told_with_its_reason() -> None:
    incident = make_incident(status="resolved", resolved_at=ago(0))
    correct(incident.pk, Times(ago(30), None, ago(2)), reason="the graph shows it", actor="alice", now=NOW)
    incident.refresh_from_db()
    assert Times.of(incident) == Times(ago(30), None, ago(2))
    assert incident.timeline.get().text == (
        "Began as recorded → 2026-03-01 02:30 UTC, resolved 2026-03-01 03:00 UTC → 2026-03-01 02:58 UTC: the graph shows it"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("times", "reason", "says"),
    [
        (Times(ago(30), None, None), " ", "Say why"),
        (Times(None, None, ago(1)), "it is over", "once it is resolved"),
        (Times(ago(-9), None, None), "typo", "in the future"),
    ],
)
def test_what_can_not_be_is_refused(times: Times, reason: str, says: str) -> None:
    incident = make_incident()
    with pytest.raises(BadChange, match=says):
        correct(incident.pk, times, reason=reason, actor="alice", now=NOW)
    assert Times.of(Incident.objects.get()) == Times(None, None, None)

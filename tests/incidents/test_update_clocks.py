"""The clock of updates: wound by what happens, and told of once when it runs out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOW, make_incident
from tests.incidents.test_telling import SAID, sent
from tocsin.incidents import assessments, changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.incidents.undoing import undo
from tocsin.incidents.update_clocks import clock_of, look, overdue
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def incident(severity: str = "high", **values: Any) -> Incident:
    """Triggered now, and judged."""
    made = make_incident(severity=severity, triggered_at=NOW, **values)
    look(made.pk, NOW)
    return made


def due(of: Incident) -> datetime | None:
    clock = clock_of(of)
    return clock.due if clock else None


def lines(of: Incident) -> int:
    return of.timeline.filter(kind="clock", text__startswith="Status update overdue").count()


def test_a_severity_that_is_taken_back_takes_its_clock_back() -> None:
    one = incident("high")
    assessments.set_severity(one.pk, Severity.CRITICAL, note="all are hit", actor="alice", now=NOW)
    sweep(NOW)
    undo(one.pk, one.timeline.filter(kind="severity").latest("id").pk, actor="alice", now=NOW)
    sweep(NOW)
    assert due(one) == due(incident("high"))


def test_the_severity_says_when_the_first_is_due() -> None:
    assert due(incident("critical")) == NOW + timedelta(minutes=30)
    assert due(incident("low")) is None


def test_what_is_late_is_said_once() -> None:
    made = incident()
    look(made.pk, NOW + HOUR - timedelta(seconds=1))
    assert lines(made) == 0
    look(made.pk, NOW + HOUR)
    look(made.pk, NOW + 2 * HOUR)
    assert lines(made) == 1


def test_it_is_said_again_after_the_next_update_was_late_too() -> None:
    made = incident()
    look(made.pk, NOW + HOUR)
    sent(SAID, made, at=NOW + HOUR)
    look(made.pk, NOW + 3 * HOUR)
    assert lines(made) == 2


def test_its_timer_looks_for_itself() -> None:
    made = incident()
    sweep(NOW + HOUR)
    assert lines(made) == 1


def test_the_list_asks_for_all_that_are_late_at_once() -> None:
    late, other = incident("critical"), incident("high")
    assert overdue([late.pk, other.pk], NOW + timedelta(minutes=40)) == {late.pk}


def test_another_severity_has_another_rhythm() -> None:
    made = incident("low")
    assessments.set_severity(made.pk, Severity.CRITICAL, actor="kim", now=NOW, note="worse")
    sweep(NOW)
    made.refresh_from_db()
    assert due(made) == NOW + timedelta(minutes=30)


def test_what_is_over_has_no_clock_and_what_is_reopened_has_one_again() -> None:
    made = incident()
    sent(SAID, made)
    changes.change_status(made.pk, Status.RESOLVED, actor="kim", now=NOW, resolution=Resolution.FIXED)
    sweep(NOW + HOUR)
    made.refresh_from_db()
    assert (due(made), lines(made), overdue([made.pk], NOW + 9 * HOUR)) == (None, 0, set())
    changes.change_status(made.pk, Status.INVESTIGATING, actor="kim", now=NOW + 5 * HOUR, reason="again")
    sweep(NOW + 5 * HOUR)
    made.refresh_from_db()
    assert due(made) is not None


def test_while_a_silence_holds_nobody_waits() -> None:
    assert due(incident(held_until=NOW + HOUR)) == NOW + 2 * HOUR

"""What people do to an incident."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident, make_user
from tocsin.incidents.changes import BadChange, add_note, assign, change_status, resolve_if_quiet
from tocsin.incidents.lifecycle import IllegalMove, Resolution, Status
from tocsin.incidents.models import Incident, TimelineEntry

pytestmark = pytest.mark.django_db


def last_line(incident: Incident) -> TimelineEntry:
    return incident.timeline.order_by("id").last()  # type: ignore[return-value]  # there is one in these tests


def test_a_move_has_who_when_and_its_own_time() -> None:
    incident = change_status(make_incident().pk, Status.ACKNOWLEDGED, actor="alice", now=NOW)
    line = last_line(incident)
    assert (incident.status, incident.acknowledged_at) == ("acknowledged", NOW)
    assert (line.actor, line.at, line.text) == ("alice", NOW, "triggered → acknowledged.")


def test_an_illegal_move_changes_nothing() -> None:
    incident = make_incident()
    with pytest.raises(IllegalMove):
        change_status(incident.pk, Status.RESOLVED, actor="alice", now=NOW)
    incident.refresh_from_db()
    assert (incident.status, incident.timeline.count()) == ("triggered", 0)


def test_resolving_and_reopening() -> None:
    incident = make_incident()
    change_status(
        incident.pk, Status.RESOLVED, actor="alice", now=NOW, reason="rolled back", resolution=Resolution.FIXED
    )
    assert last_line(incident).text == "triggered → resolved (fixed): rolled back"
    reopened = change_status(incident.pk, Status.INVESTIGATING, actor="bob", now=NOW, reason="it is back")
    assert (reopened.resolved_at, reopened.resolution) == (None, "")
    assert last_line(incident).text == "Reopened from resolved, now investigating: it is back"


def test_nothing_is_closed_before_what_its_end_calls_for_was_looked_at() -> None:
    incident = make_incident()
    change_status(incident.pk, Status.RESOLVED, actor="a", now=NOW, resolution=Resolution.FIXED)
    with pytest.raises(BadChange, match="what its end calls for is being looked at"):
        change_status(incident.pk, Status.CLOSED, actor="a", now=NOW)


def test_going_straight_to_the_postmortem_still_has_a_time_of_resolution() -> None:
    over = change_status(make_incident().pk, Status.POSTMORTEM, actor="a", now=NOW, resolution=Resolution.FIXED)
    assert (over.resolved_at, over.postmortem_at) == (NOW, NOW)


def test_assigning_and_taking_back() -> None:
    incident, alice = make_incident(), make_user()
    assign(incident.pk, alice.pk, "alice", actor="bob", now=NOW)
    assert last_line(incident).text == "Assigned to alice."
    assign(incident.pk, None, "", actor="bob", now=NOW)
    incident.refresh_from_db()
    assert incident.assignee is None


def test_an_empty_note_is_refused_and_nul_is_dropped() -> None:
    incident = make_incident()
    with pytest.raises(BadChange, match="empty"):
        add_note(incident.pk, "\n", actor="alice", now=NOW)
    assert add_note(incident.pk, "see \x00here", actor="alice", now=NOW).text == "see here"


@pytest.mark.parametrize(
    ("status", "quiet_for", "resolution"),
    [
        ("triggered", 5, "recovered by itself"),
        ("mitigating", 6, "fixed"),
        ("triggered", 4, ""),
        ("triggered", None, ""),
    ],
)
def test_quiet_long_enough_resolves(status: str, quiet_for: int | None, resolution: str) -> None:
    since = None if quiet_for is None else NOW - timedelta(minutes=quiet_for)
    incident = make_incident(status=status, quiet_since=since)
    assert resolve_if_quiet(incident.pk, NOW) == bool(resolution)
    incident.refresh_from_db()
    assert incident.resolution == resolution


def test_a_timer_of_an_incident_that_is_gone_does_nothing() -> None:
    assert not resolve_if_quiet(10**9, NOW)

"""Taking back what one has just done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, make_incident, make_user
from tocsin.incidents import assessments, changes, handover
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.roles import IncidentRole, RoleHolder
from tocsin.incidents.triage import Severity
from tocsin.incidents.undoing import undo, undoable

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": "alice", "now": NOW}


@pytest.fixture
def incident(db: None) -> Incident:
    return make_incident(severity="high", severity_reason="the service is down")


def taken_back(incident: Incident, seconds: int = 5) -> str:
    """Undoes the last entry; its words."""
    last = incident.timeline.latest("id")
    made = undo(incident.pk, last.pk, actor="alice", now=NOW + timedelta(seconds=seconds))
    incident.refresh_from_db()
    return made.text


def test_an_assignment_goes_back_to_who_had_it(incident: Incident) -> None:
    bob, carol = make_user("bob"), make_user("carol")
    changes.assign(incident.pk, bob.pk, "bob", **BY)
    changes.assign(incident.pk, carol.pk, "carol", **BY)
    assert taken_back(incident) == "Undone: Assigned to carol."
    assert incident.assignee == bob


def test_an_acknowledgement_is_taken_back_with_its_time(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, **BY)
    taken_back(incident)
    assert (incident.status, incident.acknowledged_at) == ("triggered", None)


def test_a_severity_goes_back_with_its_reason_and_with_whose_it_was(incident: Incident) -> None:
    assessments.set_severity(incident.pk, Severity.LOW, note="nobody is hit", **BY)
    taken_back(incident)
    assert (incident.severity, incident.severity_reason) == ("high", "the service is down")
    assert Assessment.objects.get().severity_set_by == ""


def test_a_role_goes_back(incident: Incident) -> None:
    bob, carol = make_user("bob"), make_user("carol")
    handover.hand_over(incident.pk, IncidentRole.LEAD, bob.pk, "bob", **BY)
    first = incident.timeline.latest("id")
    handover.hand_over(incident.pk, IncidentRole.LEAD, carol.pk, "carol", **BY)
    taken_back(incident)
    assert RoleHolder.objects.get().person == bob
    undo(incident.pk, first.pk, **BY)
    assert not RoleHolder.objects.exists()


def resolve(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.RESOLVED, resolution=Resolution.FIXED, **BY)


def note(incident: Incident) -> None:
    changes.add_note(incident.pk, "word", **BY)


@pytest.mark.parametrize("step", [resolve, note])
def test_what_others_have_heard_of_is_not_taken_back(incident: Incident, step: Callable[[Incident], None]) -> None:
    step(incident)
    assert undoable(incident.pk, "alice", NOW) is None
    with pytest.raises(BadChange, match="can't be undone"):
        taken_back(incident)


def test_it_is_offered_for_ten_seconds_to_whoever_did_it(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, **BY)
    entry = incident.timeline.get()
    assert undoable(incident.pk, "alice", NOW + timedelta(seconds=9)) == entry
    assert undoable(incident.pk, "bob", NOW) is None
    assert undoable(incident.pk, "alice", NOW + timedelta(seconds=10)) is None


def test_after_that_it_is_too_late(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, **BY)
    with pytest.raises(BadChange, match="too late"):
        taken_back(incident, seconds=16)


def test_nobody_undoes_what_another_did(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="bob", now=NOW)
    with pytest.raises(BadChange, match="did yourself"):
        taken_back(incident)


def test_what_was_changed_again_since_stays(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, **BY)
    entry = incident.timeline.get()
    changes.change_status(incident.pk, Status.MITIGATING, actor="bob", now=NOW)
    with pytest.raises(BadChange, match="changed again since"):
        undo(incident.pk, entry.pk, **BY)


def test_undoing_twice_changes_nothing_the_second_time(incident: Incident) -> None:
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, **BY)
    entry = incident.timeline.get()
    undo(incident.pk, entry.pk, **BY)
    changes.change_status(incident.pk, Status.ACKNOWLEDGED, actor="bob", now=NOW)
    with pytest.raises(BadChange, match="undone already"):
        undo(incident.pk, entry.pk, **BY)

"""Roles of an incident."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_incident, make_user
from tocsin.incidents.changes import BadChange
from tocsin.incidents.handover import hand_over, holders_of
from tocsin.incidents.models import Incident
from tocsin.incidents.roles import IncidentRole, RoleHolder

pytestmark = pytest.mark.django_db
LEAD = IncidentRole.LEAD


def lead(incident: Incident, name: str, note: str = "") -> None:
    person = make_user(name) if name else None
    hand_over(incident.pk, LEAD, person.pk if person else None, name, actor="alice", now=NOW, note=note)


def lines(incident: Incident) -> list[str]:
    return [entry.text for entry in incident.timeline.filter(kind="role").order_by("id")]


def test_a_role_is_taken_handed_over_and_given_up() -> None:
    incident = make_incident()
    for name, note in (("alice", ""), ("bob", "the rollback\nis half done"), ("", "")):
        lead(incident, name, note)
    assert lines(incident) == [
        "Lead: nobody → alice.",
        "Lead: alice → bob: the rollback is half done",
        "Lead: bob → nobody.",
    ]
    assert not RoleHolder.objects.exists()


def test_who_has_a_role_can_not_take_it_again() -> None:
    incident = make_incident()
    with pytest.raises(BadChange, match="Lead already is nobody"):
        lead(incident, "")


def test_roles_come_in_their_order() -> None:
    incident, alice = make_incident(), make_user()
    for role in reversed(IncidentRole):
        hand_over(incident.pk, role, alice.pk, "alice", actor="alice", now=NOW)
    assert list(holders_of(incident.pk)) == list(IncidentRole)

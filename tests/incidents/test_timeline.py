"""Reading a timeline."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_incident
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.timeline import Group, is_turn, page, runs


def entry(kind: str, incident: Incident | None = None, **reference: object) -> TimelineEntry:
    return TimelineEntry(incident=incident, at=NOW, kind=kind, actor="alice", text="", reference=reference)


def write(incident: Incident, *kinds: str) -> None:
    for kind in kinds:
        entry(kind, incident).save()


def kinds(incident: Incident, *groups: Group) -> list[str]:
    return [each.kind for each in page(incident.pk, groups, 100)[0]]


@pytest.mark.django_db
def test_a_group_shows_its_kinds_newest_first() -> None:
    incident = make_incident()
    write(incident, "opened", "alert", "note", "decision", "status", "unheard of")
    assert kinds(incident) == ["unheard of", "status", "decision", "note", "alert", "opened"]
    assert kinds(incident, Group.NOTES, Group.DECISIONS) == ["decision", "note"]
    assert kinds(incident, Group.CHANGES) == ["unheard of", "status", "opened"]
    assert kinds(incident, Group.KEY) == ["status", "decision", "opened"]


@pytest.mark.django_db
def test_every_kind_belongs_to_exactly_one_group_beside_the_key_moments() -> None:
    incident = make_incident()
    write(incident, "opened", "alert", "analysis", "note", "decision", "action", "update", "status")
    groups = [group for group in Group if group is not Group.KEY]
    assert sum(len(kinds(incident, group)) for group in groups) == 8


@pytest.mark.django_db
def test_pages_follow_each_other_without_a_gap() -> None:
    incident = make_incident()
    write(incident, *["note"] * 5)
    first, has_more = page(incident.pk, (), 3)
    rest, has_still_more = page(incident.pk, (), 3, before=first[-1].pk)
    assert (has_more, has_still_more) == (True, False)
    assert [each.pk for each in first + rest] == sorted((each.pk for each in first + rest), reverse=True)
    assert len(first + rest) == 5


def test_many_alerts_in_a_row_are_one_line_and_what_stands_between_stays() -> None:
    told = runs([entry("alert")] * 4 + [entry("note")] + [entry("alert")] * 3)
    assert [(len(run.entries), run.is_folded) for run in told] == [(4, True), *[(1, False)] * 4]


def test_an_analysis_is_a_turn_once_it_found_something() -> None:
    assert is_turn(entry("analysis", ordinal=1))
    assert not is_turn(entry("analysis"))
    assert not is_turn(entry("note"))

"""The checklist of an incident ticks itself, and can be ticked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident, make_user
from tests.incidents.test_telling import SAID, sent
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.changes import BadChange
from tocsin.incidents.checklist import Line, State
from tocsin.incidents.communication import checklist_key, keep
from tocsin.incidents.models import Incident
from tocsin.incidents.roles import RoleHolder
from tocsin.incidents.ticking import items_of, lines_of, tick
from tocsin.incidents.triage import Severity

pytestmark = pytest.mark.django_db
SUPPORT, OUTSIDERS, END = (
    "Support knows what to answer",
    "Outsiders are told, if they notice it",
    "Everybody who was told knows that it is over",
)


def line(incident: Incident, words: str) -> Line:
    found = lines_of(incident, None, needs_postmortem=True, now=NOW)
    return next(one for one in found if words in one.item.words)


def test_it_ticks_itself() -> None:
    incident = make_incident(acknowledged_at=NOW)
    RoleHolder.objects.create(incident=incident, role="lead", person=make_user(), since=NOW)
    sent(SAID, incident)
    sent(replace(SAID, audience=Audience.INTERNAL), incident)
    done = [one.state is State.DONE for one in lines_of(incident, NOW, needs_postmortem=True, now=NOW)]
    assert done == [True, True, True, True, False, False, True]


def test_the_end_is_told_once_all_who_heard_of_it_know() -> None:
    incident = make_incident(resolved_at=NOW)
    assert line(incident, END).state is State.NOT_NEEDED
    sent(SAID, incident)
    sent(replace(SAID, audience=Audience.INTERNAL, moment=Moment.RESOLVED), incident)
    assert line(incident, END).state is State.OPEN
    sent(replace(SAID, moment=Moment.RESOLVED), incident)
    assert line(incident, END).state is State.DONE


def test_outsiders_who_notice_nothing_need_not_be_told() -> None:
    incident = make_incident()
    sent(replace(SAID, audience=Audience.INTERNAL, impact=Impact.NONE), incident)
    assert line(incident, OUTSIDERS).state is State.NOT_NEEDED


def test_people_tick_and_take_it_back() -> None:
    incident = make_incident()
    tick(incident.pk, SUPPORT, done=True, actor="kim", now=NOW)
    tick(incident.pk, SUPPORT, done=True, actor="noa", now=NOW)
    done = line(incident, SUPPORT).done
    assert done is not None
    assert done.by == "kim"
    tick(incident.pk, SUPPORT, done=False, actor="noa", now=NOW)
    assert line(incident, SUPPORT).state is State.OPEN
    assert incident.timeline.filter(kind="message").count() == 2


def test_only_what_is_on_the_list_can_be_ticked() -> None:
    with pytest.raises(BadChange, match="not on the checklist"):
        tick(make_incident().pk, "Water the plants", done=True, actor="kim", now=NOW)


def test_a_list_that_is_edited_holds_for_what_begins_later() -> None:
    keep(checklist_key(Severity.HIGH), "Call the boss", seen=0, author="mia", now=NOW)
    assert len(items_of(make_incident())) > 1
    later = make_incident(triggered_at=NOW + timedelta(minutes=1))
    assert [item.words for item in items_of(later)] == ["Call the boss"]

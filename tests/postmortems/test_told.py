"""What people said of an incident, in its postmortem."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW
from tests.postmortems.test_changes import ended
from tocsin.incidents import stating
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words
from tocsin.incidents.times import Times, correct
from tocsin.postmortems.changes import postmortem_of, texts_of
from tocsin.postmortems.reading import record_of
from tocsin.postmortems.record import Told
from tocsin.postmortems.sections import Section, marks
from tocsin.postmortems.told import told


def test_nothing_said_tells_nothing() -> None:
    assert told({}, "") == Told()


@pytest.mark.parametrize("choice", Topic.DETECTED.choices)
def test_every_way_to_notice_makes_a_sentence(choice: str) -> None:
    assert told({Topic.DETECTED: f"{choice}: ticket 4711"}, "").detected.endswith(": ticket 4711")


@pytest.mark.parametrize("choice", Topic.AI.choices)
def test_every_connection_with_ai_makes_a_sentence(choice: str) -> None:
    assert told({Topic.AI: choice}, "").ai.endswith("known." if choice == "unknown" else "played a part.")


def test_what_is_not_known_is_no_impact() -> None:
    said = {Topic.DATA_LOSS: "unknown", Topic.USERS: "a third could not pay"}
    assert told(said, "").impact == (("Users", "a third could not pay"),)
    assert told({Topic.DATA_LOSS: "no"}, "").impact == (("Data loss", "no"),)


@pytest.mark.django_db
def test_the_draft_has_what_people_said() -> None:
    incident = ended()
    said = {
        Topic.CAUSE: "An unbounded cache.",
        Topic.TRIGGER: "The sale began.",
        Topic.USERS: "a third could not pay",
        Topic.DETECTED: "customer: ticket 4711",
        Topic.AI: "unrelated",
    }
    stating.say(incident.pk, {topic: Words(text) for topic, text in said.items()}, actor="bob", now=NOW)
    texts = {section: text.text for section, text in texts_of(postmortem_of(incident.pk)).items()}
    assert texts[Section.ROOT_CAUSE] == "An unbounded cache.\n\nConfirmed by bob."
    assert texts[Section.TRIGGER] == "The sale began."
    assert "- Users: a third could not pay" in texts[Section.IMPACT]
    assert texts[Section.DETECTION].startswith("A customer told of it: ticket 4711, 1 March 2026")
    filled = (Section.SUMMARY, Section.ROOT_CAUSE, Section.TRIGGER, Section.IMPACT, Section.DETECTION)
    assert sum(marks(texts[section]) for section in filled) == 0


@pytest.mark.django_db
def test_times_are_as_people_corrected_them() -> None:
    incident = ended()
    times = Times(NOW - timedelta(minutes=40), NOW - timedelta(minutes=30), NOW - timedelta(minutes=1))
    correct(incident.pk, times, reason="by the graph", actor="bob", now=NOW)
    record = record_of(postmortem_of(incident.pk).incident)
    assert (record.began_at, record.triggered_at, record.resolved_at) == (times.started, times.detected, times.resolved)
    assert record.lasted == timedelta(minutes=39)

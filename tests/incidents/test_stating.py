"""What people say of an incident."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_incident
from tocsin.ground.edits import BadEdit
from tocsin.incidents import stating
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.statements import Statement, Topic, fault, parted
from tocsin.incidents.stating import Words, statements_of

USERS = Topic.USERS


def say(incident: Incident, text: str, seen: int | None = None, topic: Topic = USERS, actor: str = "alice") -> None:
    stating.say(incident.pk, {topic: Words(text, seen)}, actor=actor, now=NOW)


def last_line(incident: Incident) -> tuple[str, str, str]:
    entry = incident.timeline.latest("id")
    return entry.kind, entry.actor, entry.text


@pytest.mark.parametrize("topic", list(Topic))
def test_every_choice_can_be_made_alone_or_with_words(topic: Topic) -> None:
    for choice in topic.choices:
        assert fault(topic, choice) == fault(topic, f"{choice}: so it seems") == ""
    assert bool(fault(topic, "perhaps")) == bool(topic.choices)


def test_a_choice_is_parted_from_its_words() -> None:
    assert parted(Topic.DATA_LOSS, "yes: an hour: 03 to 04") == ("yes", "an hour: 03 to 04")
    assert parted(USERS, "ratio: a third") == ("", "ratio: a third")


@pytest.mark.django_db
def test_what_is_said_is_kept_and_told() -> None:
    incident = make_incident()
    say(incident, " a third\r\ncould not pay ")
    assert statements_of(incident.pk)[USERS].text == "a third\ncould not pay"
    assert last_line(incident) == ("impact", "alice", "Users: a third could not pay.")


@pytest.mark.django_db
def test_the_same_again_says_nothing() -> None:
    incident = make_incident()
    say(incident, "a third")
    say(incident, "a third ", seen=1)
    assert incident.timeline.count() == Statement.objects.count() == 1


@pytest.mark.django_db
def test_what_it_refers_to_stays_with_the_text() -> None:
    incident = make_incident()
    refers = {Topic.CAUSE: Words("the cache", 0, {"rank": 1})}
    stating.say(incident.pk, refers, actor="alice", now=NOW)
    say(incident, "the cache", seen=1, topic=Topic.CAUSE)
    assert statements_of(incident.pk)[Topic.CAUSE].reference == {"rank": 1}
    say(incident, "the pool", seen=1, topic=Topic.CAUSE)
    assert statements_of(incident.pk)[Topic.CAUSE].reference == {}


@pytest.mark.django_db
def test_who_was_slower_is_told_and_loses_nothing_of_the_others() -> None:
    incident = make_incident()
    say(incident, "a third", seen=0, actor="bob")
    with pytest.raises(BadEdit, match="bob has changed “Users” meanwhile"):
        say(incident, "half of them", seen=0)
    assert statements_of(incident.pk)[USERS].text == "a third"


@pytest.mark.django_db
def test_a_text_that_was_left_alone_writes_over_nothing() -> None:
    incident = make_incident()
    say(incident, "a third")
    say(incident, "a half", seen=1, actor="bob")
    said = {USERS: Words("a third", 1), Topic.REGION: Words("eu-central-1", 0)}
    stating.say(incident.pk, said, actor="alice", now=NOW)
    assert {topic: kept.text for topic, kept in statements_of(incident.pk).items()} == {
        USERS: "a half",
        Topic.REGION: "eu-central-1",
    }


@pytest.mark.django_db
def test_all_that_was_said_at_once_is_kept_or_nothing() -> None:
    incident = make_incident()
    said = {USERS: Words("a third"), Topic.DATA_LOSS: Words("perhaps")}
    with pytest.raises(BadChange, match="“perhaps” is none of yes, no, unknown"):
        stating.say(incident.pk, said, actor="alice", now=NOW)
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_what_is_taken_back_is_not_said_any_more_and_can_still_be_read() -> None:
    incident = make_incident()
    say(incident, "an unbounded cache", topic=Topic.CAUSE)
    say(incident, "", topic=Topic.CAUSE)
    assert statements_of(incident.pk) == {}
    assert last_line(incident) == ("cause", "alice", "Confirmed cause: taken back.")
    assert [kept.text for kept in Statement.objects.order_by("version")] == ["an unbounded cache", ""]


@pytest.mark.django_db
def test_an_incident_is_found_by_what_is_said_of_it() -> None:
    incident = make_incident()
    make_incident()
    say(incident, "the unbounded cache of sessions", topic=Topic.CAUSE)
    assert list(Incident.objects.filter(document__words="unbounded")) == [incident]

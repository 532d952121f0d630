"""What is known of an incident when somebody is told of it."""

from __future__ import annotations

import msgspec
import pytest

from tests.factories import make_incident
from tests.notifications.saying import FACTS, notice
from tests.workflows.sending import alert, send, sender_of
from tocsin.incidents.models import Incident
from tocsin.notifications.facts import LONGEST_ALERT, facts_of
from tocsin.notifications.notice import Kind, lines, whole


def said(*descriptions: str) -> str:
    send(sender_of(), *(alert("Slow" + "er" * n, "web", description=said) for n, said in enumerate(descriptions)))
    number = Incident.objects.get().pk
    return facts_of([number])[number].alert


@pytest.mark.django_db(transaction=True)
def test_whoever_is_paged_reads_what_the_first_alert_says() -> None:
    assert said("12% of requests fail", "13% of requests fail") == "12% of requests fail"


@pytest.mark.django_db(transaction=True)
def test_an_alert_that_tells_at_length_is_cut() -> None:
    assert len(said("5" * 1000)) == LONGEST_ALERT


@pytest.mark.django_db(transaction=True)
def test_what_only_repeats_the_title_is_left_out() -> None:
    assert said("Slow ") == ""


@pytest.mark.django_db
def test_an_incident_without_alerts_says_nothing_of_them() -> None:
    incident = make_incident()
    assert facts_of([incident.pk])[incident.pk].alert == ""


def test_a_message_tells_what_the_alert_says_where_it_says_anything() -> None:
    facts = msgspec.structs.replace(FACTS, alert="12% of requests fail")
    assert "The alert says: 12% of requests fail" in lines(notice(facts=facts))
    assert not any("The alert says" in line for line in lines(notice(facts=FACTS)))


def test_what_a_person_did_is_told_with_their_name() -> None:
    moved = notice(Kind.RESOLVED, text="acknowledged → resolved (fixed).", actor="bob")
    assert lines(moved)[0] == "bob: acknowledged → resolved (fixed)."
    assert lines(notice(Kind.NEW, text="Opened.", actor="tocsin"))[0] == "Opened."


def test_what_is_about_no_incident_is_said_once() -> None:
    assert whole(notice(Kind.TEST, facts=None, text="A test.", actor="ada")) == "A test."

"""Who is at an incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, make_incident, make_user
from tocsin.incidents.presence import STAYS, Doing, Presence, be_there, leave, others_at

pytestmark = pytest.mark.django_db


def times_told(step: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as asked:
        step()
    return sum("pg_notify" in query["sql"] for query in asked)


def test_others_see_who_is_there_and_who_writes_but_not_themselves() -> None:
    incident, alice, bob = make_incident(), make_user("alice"), make_user("bob")
    be_there(incident.pk, alice.pk, Doing.READING, NOW)
    be_there(incident.pk, bob.pk, Doing.WRITING, NOW)
    [other] = others_at(incident.pk, alice.pk, NOW)
    assert (other.person.username, other.is_writing) == ("bob", True)


def test_who_says_nothing_any_more_is_forgotten() -> None:
    incident, alice, bob = make_incident(), make_user("alice"), make_user("bob")
    be_there(incident.pk, bob.pk, Doing.READING, NOW)
    later = NOW + STAYS + timedelta(seconds=1)
    assert others_at(incident.pk, alice.pk, later) == []
    be_there(incident.pk, alice.pk, Doing.READING, later)
    assert Presence.objects.get().person == alice


def test_whoever_goes_is_gone_at_once() -> None:
    incident, alice, bob = make_incident(), make_user("alice"), make_user("bob")
    be_there(incident.pk, bob.pk, Doing.READING, NOW)
    leave(incident.pk, bob.pk)
    assert others_at(incident.pk, alice.pk, NOW) == []


def test_pages_are_told_of_news_only() -> None:
    at = {"incident_id": make_incident().pk, "person_id": make_user("bob").pk}
    comes = times_told(lambda: be_there(**at, doing=Doing.READING, now=NOW))
    stays = times_told(lambda: be_there(**at, doing=Doing.READING, now=NOW))
    writes = times_told(lambda: be_there(**at, doing=Doing.WRITING, now=NOW))
    goes = times_told(lambda: leave(**at))
    is_gone = times_told(lambda: leave(**at))
    assert (comes, stays, writes, goes, is_gone) == (1, 0, 1, 1, 0)

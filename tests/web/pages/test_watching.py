"""Every page warns of what was not told, whoever may know of it; none asks the database for that."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tests.factories import make_incident, make_user
from tests.moments import NOW
from tocsin.accounts.access import Access, Role
from tocsin.ground import database
from tocsin.web.pages import watching
from tocsin.workflows.signs import Sign, Standing
from tocsin.workflows.watching import Raised, Seen

FAILS = Sign("worker", "Worker processes", Standing.FAILING, "No worker is heard of any more.", NOW, "Start one.")
ALARM = Raised(7, "INC-007", 1, "Step 1 of 2 is 3 min late.", NOW)


OTHER = Raised(8, "INC-008", 1, "No one was notified.", NOW)


@pytest.fixture
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "seen", Seen(NOW, (FAILS,), (ALARM, ALARM, OTHER)))


@pytest.mark.usefixtures("_seen")
def test_who_sees_the_project_hears_of_its_alarms_and_everybody_of_what_fails() -> None:
    found = watching.of(Access(None, {1: Role.VIEWER}), NOW)
    assert (found.failing, found.alarm, found.untold, found.may_look) == ((FAILS,), ALARM, 2, False)
    assert watching.of(Access(None, {2: Role.MANAGER}), NOW).alarm is None


@pytest.mark.usefixtures("_seen")
def test_who_has_no_role_is_warned_of_nothing() -> None:
    assert not watching.of(Access(), NOW)
    assert not watching.of(None, NOW)


@pytest.mark.usefixtures("_seen")
def test_what_was_seen_long_ago_says_nothing_of_now() -> None:
    found = watching.of(Access(Role.VIEWER), NOW + timedelta(minutes=2))
    assert (found.blind_since, found.may_look) == (NOW, True)


def test_pages_are_told_when_something_else_is_seen_and_when_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = Seen(NOW, (), ())
    looks: list[Seen | Exception] = [
        calm,
        calm,
        OperationalError("gone"),
        KeyError("a mistake"),
        Seen(NOW, (FAILS,), ()),
    ]
    ages: list[float] = [0, 0, 60, 60, 0]
    told: list[int] = []

    def look() -> Seen:
        found = looks.pop(0)
        if isinstance(found, Seen):
            return found
        raise found

    monkeypatch.setattr(watching, "seen", None)
    monkeypatch.setattr(watching, "_look", look)
    monkeypatch.setattr(watching, "LOOK_EVERY_S", 0)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(seconds=ages.pop(0)))
    with pytest.raises(IndexError, match="empty"):
        asyncio.run(watching.keep_looking(lambda: told.append(len(looks))))
    assert told == [4, 2, 0]


@pytest.mark.django_db
def test_a_page_says_it_and_the_warning_can_be_had_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    incident = make_incident()
    alarm = Raised(incident.pk, incident.name, incident.environment.project_id, "Step 1 is late.", NOW)
    monkeypatch.setattr(watching, "seen", Seen(database.now(), (FAILS,), (alarm,)))
    client = Client()
    client.force_login(make_user("vera", Role.VIEWER))
    for path in ("/services", "/watch"):
        page = client.get(path).content.decode()
        assert "No worker is heard of any more." in page
        assert f'<a href="/incidents/{incident.pk}">{incident.name}</a>' in page
    assert "<html" not in page


@pytest.mark.django_db
def test_alarms_of_several_incidents_are_one_line_that_leads_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(make_user("vera", Role.VIEWER))
    monkeypatch.setattr(watching, "seen", Seen(database.now(), (), (ALARM, ALARM, OTHER)))
    page = client.get("/watch").content.decode()
    assert '<a href="/escalation">2 incidents where somebody was not told</a>' in page
    assert ALARM.text not in page
    monkeypatch.setattr(watching, "seen", Seen(database.now(), (), (ALARM, OTHER) * 25))
    assert "At least 2 incidents" in client.get("/watch").content.decode()


@pytest.mark.django_db
def test_the_page_of_health_and_the_api_say_what_fails() -> None:
    client = Client()
    client.force_login(make_user("vera", Role.VIEWER))
    page = client.get("/settings/health").content.decode()
    assert "No worker was heard of within the hour" in page
    assert "Failing" in page

"""The live parts of an incident's page are gathered once for many readers, and each sees only their own."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user
from tocsin.incidents.models import Incident
from tocsin.web.moments import Moments
from tocsin.web.pages import incident as page

# Session, person, their memberships, and what they may still undo.
OF_THE_READER = 4
BUTTON = 'id="to-acknowledged"'


@pytest.fixture(autouse=True)
def _listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a server, where changes are listened to; nothing is left for the next test."""
    moments = Moments(page._moment)
    moments.is_told = True
    monkeypatch.setattr(page, "moments", moments)


def live(browser: Client, incident: Incident, seen: str = "") -> str:
    return browser.get(f"/incidents/{incident.pk}/live", {"shown": seen}).content.decode()


def shown(html: str) -> str:
    """What a page says that it shows."""
    [stamp] = re.findall(r'name="shown" value="([^"]*)"', html)
    return str(stamp)


def parts(html: str) -> set[str]:
    """The parts of an answer."""
    return set(re.findall(r'<\w+[^>]* id="([^"]+)"[^>]* hx-swap-oob', html))


def test_a_viewer_gets_no_button_of_what_was_gathered_for_a_responder(
    browser: Client, viewer: Client, diagnosed: Incident
) -> None:
    assert BUTTON in live(browser, diagnosed)
    assert BUTTON not in live(viewer, diagnosed)


def test_a_responder_gets_their_buttons_of_what_was_gathered_for_a_viewer(
    browser: Client, viewer: Client, diagnosed: Incident
) -> None:
    assert BUTTON not in live(viewer, diagnosed)
    assert BUTTON in live(browser, diagnosed)


def test_tokens_against_forgery_and_what_can_be_undone_are_everybodys_own(browser: Client, incident: Incident) -> None:
    other = Client()
    other.force_login(make_user("bob"))
    browser.post(f"/incidents/{incident.pk}/status", {"to": "acknowledged"})
    mine, theirs = live(browser, incident), live(other, incident)
    assert ("undo-last" in mine, "undo-last" in theirs) == (True, False)
    tokens = [set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', shown)) for shown in (mine, theirs)]
    assert all(tokens)
    assert not tokens[0] & tokens[1]


def test_the_parts_that_are_shared_know_nothing_of_a_reader(diagnosed: Incident) -> None:
    shared = page._moment(diagnosed.pk, "")
    assert {"reader", "may_manage", "undoable", "request", "user", "csrf_token"}.isdisjoint(shared)
    assert 'id="timeline"' in shared["drawn"]["timeline"]


def test_the_second_page_asks_the_database_only_about_its_reader(browser: Client, diagnosed: Incident) -> None:
    live(browser, diagnosed)
    with CaptureQueriesContext(connection) as asked:
        live(browser, diagnosed)
    assert len(asked) <= OF_THE_READER


def test_a_page_that_is_opened_shows_what_is_so_now(browser: Client, incident: Incident) -> None:
    live(browser, incident)
    browser.post(f"/incidents/{incident.pk}/notes", {"text": "I have just written this"})
    assert "I have just written this" in browser.get(f"/incidents/{incident.pk}").content.decode()


def test_each_part_of_the_timeline_is_its_own(browser: Client, incident: Incident) -> None:
    browser.post(f"/incidents/{incident.pk}/notes", {"text": "only a note"})
    assert "only a note" in live(browser, incident)
    narrowed = browser.get(f"/incidents/{incident.pk}/live?kind=decisions").content.decode()
    assert "only a note" not in narrowed


def test_a_page_that_brings_along_what_it_shows_gets_only_what_changed(browser: Client, diagnosed: Incident) -> None:
    opened = browser.get(f"/incidents/{diagnosed.pk}").content.decode()
    assert parts(live(browser, diagnosed, shown(opened))) == {"shown", "facts"}
    browser.post(f"/incidents/{diagnosed.pk}/notes", {"text": "seen by all"})
    page.moments.forget([diagnosed.pk])
    told = live(browser, diagnosed, shown(opened))
    assert parts(told) == {"shown", "facts", "timeline"}
    assert parts(live(browser, diagnosed, shown(told))) == {"shown", "facts"}


def test_a_page_that_shows_another_part_of_the_timeline_gets_that_anew(browser: Client, incident: Incident) -> None:
    narrowed = browser.get(f"/incidents/{incident.pk}?kind=notes").content.decode()
    assert "timeline" in parts(live(browser, incident, shown(narrowed)))


@pytest.mark.parametrize("seen", ["", "x", "x" * 126, "ä" * 500])
def test_a_page_that_brings_along_what_means_nothing_gets_everything(
    browser: Client, diagnosed: Incident, seen: str
) -> None:
    opened = browser.get(f"/incidents/{diagnosed.pk}").content.decode()
    own = {"cause", "actions", "timeline", "runbook", "undo", "attached"}
    assert own < parts(live(browser, diagnosed, seen))
    assert all(f'id="{name}"' in opened for name in parts(live(browser, diagnosed, seen)))

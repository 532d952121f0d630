"""The timeline on an incident's page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import NOW
from tocsin.incidents import changes
from tocsin.incidents.models import Incident
from tocsin.web.pages import timeline

WORDS = ("oldest", "middle", "newest")


@pytest.fixture
def notes(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(timeline, "MOST_ENTRIES", 2)
    return [changes.add_note(incident.pk, word, actor="alice", now=NOW).pk for word in WORDS]


def shown(browser: Client, address: str) -> list[str]:
    page = browser.get(address).content.decode()
    return [word for word in WORDS if f"<p>{word}</p>" in page]


def test_a_long_timeline_goes_on_by_a_link(browser: Client, incident: Incident, notes: list[int]) -> None:
    address = f"/incidents/{incident.pk}"
    assert shown(browser, address) == ["middle", "newest"]
    earlier = re.search(r'href="([^"]*)#timeline">Earlier entries', browser.get(address).content.decode())
    assert earlier
    assert shown(browser, earlier[1]) == ["oldest"]
    assert "Back to the newest entries" in browser.get(earlier[1]).content.decode()


def test_a_link_to_an_entry_shows_the_page_that_it_is_on(browser: Client, incident: Incident, notes: list[int]) -> None:
    assert shown(browser, f"/incidents/{incident.pk}?entry={notes[0]}") == ["oldest"]
    assert shown(browser, f"/incidents/{incident.pk}?entry={notes[2]}") == ["middle", "newest"]


def test_it_is_narrowed_in_the_address_and_so_is_what_comes_live(browser: Client, incident: Incident) -> None:
    changes.add_note(incident.pk, "only a note", actor="alice", now=NOW)
    changes.add_note(incident.pk, "we roll back", actor="alice", now=NOW, kind="decision")
    page = browser.get(f"/incidents/{incident.pk}?kind=decisions").content.decode()
    assert "we roll back" in page
    assert "only a note" not in page
    assert f'hx-get="/incidents/{incident.pk}/live?kind=decisions"' in page
    assert "only a note" not in browser.get(f"/incidents/{incident.pk}/live?kind=decisions").content.decode()


def test_a_kind_that_there_is_not_is_not_taken_for_all(browser: Client, incident: Incident) -> None:
    assert browser.get(f"/incidents/{incident.pk}?kind=gossip").status_code == 404


def test_a_decision_is_written_as_one(browser: Client, incident: Incident) -> None:
    browser.post(f"/incidents/{incident.pk}/notes", {"text": "we roll back", "kind": "decision"})
    assert incident.timeline.get().kind == "decision"
    assert '<span class="badge">decision</span>' in browser.get(f"/incidents/{incident.pk}").content.decode()


def test_an_incident_is_found_by_what_was_decided(browser: Client, incident: Incident) -> None:
    changes.add_note(incident.pk, "we evacuate the zone", actor="alice", now=NOW, kind="decision")
    page = browser.get("/?q=evacuate").content.decode()
    assert incident.name in page
    assert "<mark>evacuate</mark>" in page

"""Taking back on a page, and over the API, what one has just done."""

from __future__ import annotations

from django.test import Client

from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.incidents.models import Incident

OFFER = 'id="undo-last"'


def test_undo_is_offered_after_a_change_and_takes_it_back(browser: Client, incident: Incident) -> None:
    address = f"/incidents/{incident.pk}"
    assert OFFER not in browser.get(address).content.decode()
    browser.post(f"{address}/status", {"to": "acknowledged"})
    assert OFFER in browser.get(address).content.decode()
    browser.post(f"{address}/undo", {"entry": incident.timeline.get().pk})
    incident.refresh_from_db()
    assert incident.status == "triggered"
    assert OFFER not in browser.get(address).content.decode()


def test_it_is_not_offered_to_others(browser: Client, viewer: Client, incident: Incident) -> None:
    browser.post(f"/incidents/{incident.pk}/status", {"to": "acknowledged"})
    assert OFFER not in viewer.get(f"/incidents/{incident.pk}").content.decode()
    assert viewer.post(f"/incidents/{incident.pk}/undo", {"entry": incident.timeline.get().pk}).status_code == 403


def test_what_can_not_be_undone_is_said_on_the_page(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/undo", {"entry": "x"})
    assert answer.status_code == 400
    assert "Only what you did yourself can be undone." in answer.content.decode()


def test_programs_take_back_too(incident: Incident) -> None:
    caller: Program = program("pat", Role.RESPONDER)
    caller.post(f"/incidents/{incident.pk}/assignee", {"assignee": "pat"})
    [entry] = caller.get(f"/incidents/{incident.pk}/timeline").json()["items"]
    undone = caller.post(f"/incidents/{incident.pk}/undo", {"entry": entry["id"]})
    assert (undone.status_code, undone.json()["text"]) == (201, "Undone: Assigned to pat.")
    assert caller.post(f"/incidents/{incident.pk}/undo", {"entry": entry["id"]}).status_code == 400

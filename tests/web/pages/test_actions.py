"""What people do to an incident."""

import pytest
from django.test import Client

from tests.factories import make_user
from tests.web.pages.stored import store_investigation
from tocsin.accounts.models import User
from tocsin.incidents.models import Incident, TimelineEntry

FORMS = ("status", "severity", "assignee", "notes", "investigations")


def last_line(incident: Incident) -> str:
    return TimelineEntry.objects.filter(incident=incident).latest("id").text


def test_acknowledging_moves_it_on_in_the_persons_name(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/status", {"to": "acknowledged"})
    assert answer.status_code == 302
    incident.refresh_from_db()
    assert incident.status == "acknowledged"
    assert TimelineEntry.objects.get(incident=incident).actor == "alice"


def test_resolving_says_how_and_why(browser: Client, incident: Incident) -> None:
    form = {"form": "resolve", "to": "resolved", "resolution": "fixed", "reason": "rolled back"}
    browser.post(f"/incidents/{incident.pk}/status", form)
    incident.refresh_from_db()
    assert incident.resolution == "fixed"
    assert "rolled back" in last_line(incident)


def test_an_illegal_move_is_refused_by_name_and_nothing_typed_is_lost(browser: Client, incident: Incident) -> None:
    form = {"form": "resolve", "to": "resolved", "reason": "I typed <this>"}
    answer = browser.post(f"/incidents/{incident.pk}/status", form)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "triggered → resolved: say how it ended" in page
    assert "I typed &lt;this&gt;</textarea>" in page


def test_acknowledging_twice_is_a_conflict(browser: Client, incident: Incident) -> None:
    browser.post(f"/incidents/{incident.pk}/status", {"to": "acknowledged"})
    answer = browser.post(f"/incidents/{incident.pk}/status", {"to": "acknowledged"})
    assert answer.status_code == 409
    assert "it already is acknowledged" in answer.content.decode()


def test_reopening_needs_a_reason(browser: Client, incident: Incident) -> None:
    browser.post(f"/incidents/{incident.pk}/status", {"to": "resolved", "resolution": "fixed"})
    form = {"form": "reopen", "to": "investigating"}
    assert browser.post(f"/incidents/{incident.pk}/status", form).status_code == 409
    assert browser.post(f"/incidents/{incident.pk}/status", form | {"reason": "it is back"}).status_code == 302


def test_severity_changes_with_a_note(browser: Client, incident: Incident) -> None:
    address = f"/incidents/{incident.pk}/severity"
    refused = browser.post(address, {"severity": "critical", "note": " "})
    assert refused.status_code == 400
    assert "Say why the severity changes" in refused.content.decode()
    assert browser.post(address, {"severity": "critical", "note": "checkout is down"}).status_code == 302
    incident.refresh_from_db()
    assert incident.severity == "critical"


def test_an_incident_is_given_to_somebody_and_taken_away_again(browser: Client, incident: Incident) -> None:
    bob = make_user("bob")
    browser.post(f"/incidents/{incident.pk}/assignee", {"assignee": bob.pk})
    incident.refresh_from_db()
    assert incident.assignee == bob
    browser.post(f"/incidents/{incident.pk}/assignee", {"assignee": ""})
    incident.refresh_from_db()
    assert incident.assignee is None


def test_viewers_can_not_be_given_incidents(browser: Client, incident: Incident) -> None:
    victor = make_user("victor", "viewer")
    assert browser.post(f"/incidents/{incident.pk}/assignee", {"assignee": victor.pk}).status_code == 400


def test_a_note_is_kept_as_written_and_the_page_goes_to_it(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/notes", {"text": "seen **it**"})
    entry = TimelineEntry.objects.get(incident=incident)
    assert entry.text == "seen **it**"
    assert answer["Location"] == f"/incidents/{incident.pk}#entry-{entry.pk}"


def test_an_empty_note_is_refused(browser: Client, incident: Incident) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/notes", {"text": "  "})
    assert answer.status_code == 400
    assert "The note is empty." in answer.content.decode()


def test_diagnostics_run_again_but_not_twice_at_once(browser: Client, incident: Incident) -> None:
    store_investigation(incident)
    assert browser.post(f"/incidents/{incident.pk}/investigations").status_code == 302
    again = browser.post(f"/incidents/{incident.pk}/investigations")
    assert again.status_code == 400
    assert "An investigation is going on" in again.content.decode()


@pytest.mark.parametrize("form", [{"to": "sideways"}, {"to": "resolved", "resolution": "magic"}, {}])
def test_words_that_are_no_choice_are_refused(browser: Client, incident: Incident, form: dict[str, str]) -> None:
    assert browser.post(f"/incidents/{incident.pk}/status", form).status_code == 400


@pytest.mark.parametrize("form", FORMS)
def test_viewers_may_change_nothing(viewer: Client, incident: Incident, form: str) -> None:
    answer = viewer.post(f"/incidents/{incident.pk}/{form}", {"to": "acknowledged", "text": "x"})
    assert answer.status_code == 403
    assert "yours is viewer" in answer.content.decode()
    assert not TimelineEntry.objects.exists()


@pytest.mark.parametrize("form", FORMS)
def test_reading_an_address_changes_nothing(browser: Client, incident: Incident, form: str) -> None:
    assert browser.get(f"/incidents/{incident.pk}/{form}").status_code == 405


@pytest.mark.parametrize("form", FORMS)
def test_what_does_not_exist_can_not_be_changed(browser: Client, form: str) -> None:
    data = {"to": "acknowledged", "text": "x", "severity": "low", "note": "x"}
    assert browser.post(f"/incidents/4711/{form}", data).status_code == 404


def test_a_form_from_elsewhere_is_refused(alice: User, incident: Incident) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    answer = strict.post(f"/incidents/{incident.pk}/notes", {"text": "forged"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()

"""Postmortems on their pages."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import NOW, make_incident
from tests.postmortems.test_changes import ended, written
from tests.web.pages.stored import store_investigation
from tocsin.incidents import changes as incidents
from tocsin.incidents.actions import Action
from tocsin.incidents.models import Incident
from tocsin.postmortems import changes
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.sections import Section
from tocsin.postmortems.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def over() -> Incident:
    """A critical incident that has ended."""
    return ended()


def at(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.pk}/postmortem{rest}"


def read(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_the_draft_shows_what_is_known_and_what_to_write(browser: Client, over: Incident) -> None:
    store_investigation(over)
    page = read(browser, at(over))
    assert "cart was killed at its limit of 384Mi" in page
    assert '<mark class="to-write">a person must write this: what do we know now' in page
    assert page.count("drafted from the record") == len(Section)


def test_what_is_not_over_has_no_postmortem(browser: Client, incident: Incident) -> None:
    for rest in ("", "/live", "/file", "/lessons/history"):
        assert browser.get(at(incident, rest)).status_code == 404
    for rest in ("/opening", "/state", "/plan", "/lessons"):
        assert browser.post(at(incident, rest), {"to": "in review", "due_on": "2026-03-01"}).status_code in (400, 404)


def test_a_section_is_written_and_its_versions_are_kept(browser: Client, over: Incident) -> None:
    answer = browser.post(at(over, "/lessons"), {"text": "Caches **end**.", "version": "0"})
    assert answer["Location"] == at(over, "#section-lessons")
    page = read(browser, at(over))
    assert "<strong>end</strong>" in page
    assert "What the record says now" in page
    assert "Caches <strong>end</strong>." in read(browser, at(over, "/lessons/history"))


def test_words_of_two_people_are_both_kept(browser: Client, over: Incident) -> None:
    changes.write(over.pk, Section.LESSONS, "Hers.", seen=0, actor="bob", now=NOW)
    answer = browser.post(at(over, "/lessons"), {"text": "Mine.", "version": "0"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "bob has changed “Lessons learned” meanwhile" in page
    assert "Mine.</textarea>" in page


def test_hostile_words_stay_words(browser: Client, over: Incident) -> None:
    changes.write(over.pk, Section.LESSONS, "⟪<img src=x onerror=1>⟫ <script>1</script>", seen=0, actor="bob", now=NOW)
    page = read(browser, at(over))
    assert "<script>1" not in page
    assert "<img" not in page


def test_it_is_reviewed_completed_and_closed(browser: Client, over: Incident) -> None:
    written(over, actor="bob")
    browser.post(at(over, "/state"), {"to": "complete"})
    assert Postmortem.objects.get().completed_by == "alice"
    browser.post(f"/incidents/{over.pk}/status", {"to": "closed"})
    over.refresh_from_db()
    assert over.status == "closed"


def test_what_is_missing_is_named_when_it_is_not_complete(browser: Client, over: Incident) -> None:
    for to in ("in progress", "in review"):
        browser.post(at(over, "/state"), {"to": to})
    page = browser.post(at(over, "/state"), {"to": "complete"}).content.decode()
    assert "A person must still write: " in page
    refused = browser.post(f"/incidents/{over.pk}/status", {"to": "closed"}).content.decode()
    assert "its postmortem is mandatory and not complete" in refused


def test_it_is_sent_back_with_a_reason(browser: Client, over: Incident) -> None:
    written(over, actor="bob")
    assert "what is missing" in browser.post(at(over, "/state"), {"to": "in progress"}).content.decode()
    browser.post(at(over, "/state"), {"to": "in progress", "reason": "the trigger is wrong"})
    assert Postmortem.objects.get().state == State.IN_PROGRESS


def test_it_has_an_owner_and_a_deadline(browser: Client, over: Incident) -> None:
    browser.post(at(over, "/plan"), {"owner": "alice", "due_on": "2026-04-01"})
    held = Postmortem.objects.get()
    assert (held.owner.username, f"{held.due_at:%Y-%m-%d %H:%M}") == ("alice", "2026-04-01 23:59")  # type: ignore[union-attr]
    assert "is no day" in browser.post(at(over, "/plan"), {"due_on": "soon"}).content.decode()


def test_an_action_is_opened_from_it(browser: Client, over: Incident) -> None:
    typed = {"title": "Bound the cache", "kind": "prevent", "horizon": "this quarter", "to-postmortem": ""}
    answer = browser.post(f"/incidents/{over.pk}/actions", typed)
    name = Action.objects.get().name
    assert answer["Location"] == at(over, f"#{name}")
    assert f"{name} Bound the cache" in read(browser, at(over))


def test_the_document_is_downloaded(browser: Client, over: Incident) -> None:
    answer = browser.get(at(over, "/file"))
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert f"2026-03-01-checkout-is-down-inc-{over.pk:03d}.md" in answer["Content-Disposition"]
    assert "## Root cause" in answer.content.decode()


def test_live_parts_know_their_places(browser: Client, over: Incident) -> None:
    page = read(browser, at(over, "/live"))
    assert page.count('hx-swap-oob="true"') == len(Section) + 2
    for section in Section:
        assert f'id="section-{section}"' in page


def test_the_incident_leads_to_its_postmortem(browser: Client, over: Incident) -> None:
    page = read(browser, f"/incidents/{over.pk}")
    assert f'<a href="{at(over)}">Postmortem</a>' in page


def test_one_that_nothing_called_for_is_begun(browser: Client) -> None:
    incident = ended("low")
    assert "Write one all the same" in read(browser, f"/incidents/{incident.pk}")
    assert browser.post(at(incident, "/opening"))["Location"] == at(incident)
    assert Postmortem.objects.get().need == "recommended"


def test_an_open_incident_says_nothing_of_it(browser: Client) -> None:
    assert "Write one all the same" not in read(browser, f"/incidents/{make_incident().pk}")


def test_viewers_read_and_change_nothing(viewer: Client, over: Incident) -> None:
    page = read(viewer, at(over))
    assert "<textarea" not in page
    for rest in ("/lessons", "/state", "/plan", "/opening"):
        assert viewer.post(at(over, rest), {"to": "in progress"}).status_code == 403
    assert not Postmortem.objects.get().versions.exists()


def test_the_list_has_the_views_with_their_counts(browser: Client) -> None:
    late, reviewed, done = ended(), ended(), ended()
    for incident in (reviewed, done):
        written(incident, actor="bob")
    changes.move(done.pk, State.COMPLETE, actor="alice", now=NOW)
    shown = {
        view: [row.pk for row, _ in browser.get(f"/postmortems?view={view}").context["rows"]]
        for view in ("pending", "in review", "complete")
    }
    assert shown == {"pending": [late.pk], "in review": [reviewed.pk], "complete": [done.pk]}
    assert browser.get("/postmortems").context["rows"][0][1]
    assert browser.get("/postmortems?view=odd").status_code == 404


def test_a_note_after_completion_is_no_part_of_it(browser: Client, over: Incident) -> None:
    written(over, actor="bob")
    changes.move(over.pk, State.COMPLETE, actor="alice", now=NOW)
    incidents.add_note(over.pk, "afterthought", actor="bob", now=NOW)
    assert "afterthought" not in read(browser, at(over))

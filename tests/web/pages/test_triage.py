"""The card of triage, the clock of acknowledgement, and the scale in which severities are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import NOW
from tocsin.incidents import matrices
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.triage.matrix import parse

RUNNING = "<div><dt>Acknowledge</dt>"


@pytest.fixture
def judged(incident: Incident) -> Assessment:
    """The incident's assessment, due in five minutes."""
    return Assessment.objects.create(
        incident=incident,
        assessed_at=NOW,
        classification="capacity/quota",
        classification_reason="“quota” in the title",
        scope="many components",
        scope_reason="2 components alert: cart, db",
        priority="high",
        priority_reason="it touches many components",
        severity="high",
        acknowledge_by=timezone.now() + timedelta(minutes=5, seconds=30),
    )


def read(browser: Client, incident: Incident) -> str:
    return browser.get(f"/incidents/{incident.pk}").content.decode()


def test_the_card_says_what_the_class_calls_for_and_why(browser: Client, judged: Assessment) -> None:
    page = read(browser, judged.incident)
    for words in (
        "Back off, then raise the quota",
        "capacity/quota",
        "2 components alert: cart, db",
        "Mitigate, then escalate.",
    ):
        assert words in page


def test_before_the_first_judgement_the_card_says_so(browser: Client, incident: Incident) -> None:
    assert "Not judged yet" in read(browser, incident)


def test_the_clock_is_on_the_page_and_on_the_list(browser: Client, judged: Assessment) -> None:
    assert RUNNING in read(browser, judged.incident)
    assert "5 min left" in read(browser, judged.incident)
    assert "5 min left" in browser.get("/").content.decode()


def test_a_breached_clock_says_by_how_much(browser: Client, judged: Assessment) -> None:
    Assessment.objects.update(acknowledge_by=timezone.now() - timedelta(minutes=3, seconds=10))
    page = browser.get("/").content.decode()
    assert 'class="deadline breached"' in page
    assert "3 min over" in page


def test_acknowledging_stops_it_and_says_whether_it_was_in_time(browser: Client, judged: Assessment) -> None:
    browser.post(f"/incidents/{judged.incident_id}/status", {"to": "acknowledged"})
    page = read(browser, judged.incident)
    assert RUNNING not in page
    assert "in time" in page


def test_what_is_over_has_no_clock(browser: Client, judged: Assessment) -> None:
    Incident.objects.update(status="resolved", resolved_at=NOW)
    assert "data-until" not in browser.get("/?view=all").content.decode()


def test_a_way_around_it_is_said_by_a_form(browser: Client, judged: Assessment) -> None:
    form = {"workaround": "exists", "note": "use the old page"}
    answer = browser.post(f"/incidents/{judged.incident_id}/workaround", form)
    assert answer["Location"].endswith("#triage")
    page = read(browser, judged.incident)
    assert "there is one" in page
    assert "use the old page" in page


def test_a_viewer_says_nothing_about_ways_around_it(viewer: Client, judged: Assessment) -> None:
    assert viewer.post(f"/incidents/{judged.incident_id}/workaround", {"workaround": "none"}).status_code == 403
    assert "Is there a way around it?" not in read(viewer, judged.incident)


def test_severities_are_shown_and_taken_in_the_teams_scale(browser: Client, judged: Assessment) -> None:
    matrices.keep(None, parse({"scale": "P0-P3"}), seen=0, author="alice", now=NOW)
    page = read(browser, judged.incident)
    assert "</svg>P1</span>" in page
    assert "</svg>P1</span>" in browser.get("/").content.decode()
    answer = browser.post(f"/incidents/{judged.incident_id}/severity", {"severity": "P2", "note": "not so bad"})
    assert answer.status_code == 302
    assert Incident.objects.get().severity == "medium"
    assert "Severity P1 → P2: not so bad" in read(browser, judged.incident)


def test_a_severity_of_no_scale_is_refused_with_the_choices(browser: Client, judged: Assessment) -> None:
    answer = browser.post(f"/incidents/{judged.incident_id}/severity", {"severity": "urgent", "note": "!"})
    assert answer.status_code == 400
    assert "choose one of Critical, High, Medium, Low" in answer.content.decode()


def test_what_the_evidence_suggests_is_shown_beside_what_a_person_set(browser: Client, judged: Assessment) -> None:
    Assessment.objects.update(severity="critical", severity_set_by="bob")
    assert "The evidence suggests Critical; what bob set stands." in read(browser, judged.incident)

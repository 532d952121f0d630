"""The page of an incident."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, make_incident, make_user
from tests.web.pages.kept import link, make_deployment
from tests.web.pages.stored import make_alert, make_hypothesis, make_report, store_investigation
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident
from tocsin.investigation.models import Investigation, StoredReport

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def read(browser: Client, incident: Incident, address: str = "") -> str:
    answer = browser.get(f"/incidents/{incident.pk}{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def investigation(incident: Incident, ordinal: int = 1, **values: Any) -> None:
    Investigation.objects.create(incident=incident, ordinal=ordinal, requested_by="tocsin", requested_at=NOW, **values)


@pytest.mark.parametrize("number", [4711, 10**30])
def test_an_incident_that_does_not_exist_is_not_found(browser: Client, number: int) -> None:
    answer = browser.get(f"/incidents/{number}")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_it_says_what_how_bad_and_who(browser: Client, incident: Incident) -> None:
    incident.assignee = make_user("bob")
    incident.save()
    page = read(browser, incident)
    for part in (incident.name, incident.title, "High", "Triggered", "bob", "shop"):
        assert part in page


def test_a_stage_that_was_skipped_does_not_look_like_one_that_was_reached(browser: Client, incident: Incident) -> None:
    changes.change_status(incident.pk, Status.MITIGATING, actor="bob", now=NOW)
    stages = re.findall(r'<li class="(\w*)"[^>]*><span>(\w+)</span>', read(browser, incident))
    assert [kind for kind, _ in stages] == ["past", "skipped", "skipped", "current", ""]


def test_the_cause_comes_with_confidence_evidence_and_a_command_to_paste(browser: Client, diagnosed: Incident) -> None:
    page = read(browser, diagnosed)
    assert "cart was killed at its limit of 384Mi" in page
    assert "High confidence <b>93 %</b>" in page
    assert "OOMKilled" in page
    assert "kubectl set resources deployment/cart --limits=memory=768Mi &#x27;a b&#x27;" in page
    assert "reversible" in page
    assert "kubectl rollout undo deployment/cart" in page
    assert "look for a leak" in page


def test_the_topology_is_drawn_and_told_in_words(browser: Client, diagnosed: Incident) -> None:
    page = read(browser, diagnosed)
    assert '<svg class="graph' in page
    assert "<b>Deployment cart</b>: failing, cause; needs cart-1" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Waiting to be investigated"),
        ({"started_at": NOW}, "Tocsin is looking for the cause"),
        (
            {"started_at": NOW, "finished_at": NOW, "error": "TimeoutError: no answer", "attempts": 4},
            "TimeoutError: no answer",
        ),
    ],
)
def test_without_a_report_it_says_how_far_the_investigation_is(
    browser: Client, incident: Incident, values: dict[str, Any], words: str
) -> None:
    investigation(incident, **values)
    assert words in read(browser, incident)


def test_a_failed_investigation_is_not_taken_for_a_good_sign(browser: Client, incident: Incident) -> None:
    investigation(incident, error="boom", attempts=4)
    assert "this is not a sign that all is well" in read(browser, incident)


def test_the_last_report_stays_while_a_newer_investigation_goes_on(browser: Client, diagnosed: Incident) -> None:
    investigation(diagnosed, ordinal=2, started_at=NOW)
    page = read(browser, diagnosed)
    assert "A newer investigation is running." in page
    assert "cart was killed at its limit of 384Mi" in page


def test_a_report_of_another_version_does_not_hide_the_incident(browser: Client, diagnosed: Incident) -> None:
    StoredReport.objects.update(content='{"outcome": 7}')
    page = read(browser, diagnosed)
    assert "can’t be read by this version" in page
    assert diagnosed.title in page


def test_inconclusive_says_what_could_not_be_read(browser: Client, incident: Incident) -> None:
    store_investigation(incident, make_report("inconclusive", (), gaps=("logs shop/cart: 403 from the API server",)))
    page = read(browser, incident)
    assert "No cause found" in page
    assert "403 from the API server" in page


def test_an_unsure_guess_is_called_one(browser: Client, incident: Incident) -> None:
    guess = make_hypothesis(confidence=0.31, confidence_label="low")
    store_investigation(incident, make_report("inconclusive", (guess,)))
    page = read(browser, incident)
    assert "No cause is certain enough to act on" in page
    assert '<b class="percent">31 %</b>' in page


def test_healthy_with_gaps_says_both(browser: Client, incident: Incident) -> None:
    store_investigation(incident, make_report("healthy", (), gaps=("metrics: not collected",)))
    assert "healthy, but not everything could be examined" in read(browser, incident)


def test_other_hypotheses_follow_with_their_confidence(browser: Client, incident: Incident) -> None:
    other = make_hypothesis(2, 0.04, confidence_label="low", summary="the node is full")
    store_investigation(incident, make_report("diagnosed", (make_hypothesis(), other)))
    page = read(browser, incident)
    assert "1 other possibility" in page
    assert '<b class="percent">4 %</b> the node is full' in page


def test_an_alert_that_fires_four_times_is_flapping(browser: Client, incident: Incident) -> None:
    make_alert(incident, firings=3)
    assert "Flapping" not in read(browser, incident)
    make_alert(incident, firings=4)
    page = read(browser, incident)
    assert "Flapping" in page
    assert "4 firings" in page


def test_a_recurrence_leads_to_the_incident_before(browser: Client, incident: Incident) -> None:
    again = make_incident("Again", recurrence_of=incident)
    assert f'href="/incidents/{incident.pk}"' in read(browser, again)


def test_only_web_links_of_an_alert_can_be_followed(browser: Client, incident: Incident) -> None:
    make_alert(incident, links={"graph": "https://example.com/g", "evil": "javascript:alert(1)"})
    page = read(browser, incident)
    assert '<a href="https://example.com/g" rel="noopener noreferrer nofollow"' in page
    assert "javascript:alert" not in page


def test_notes_are_rendered_and_hostile_text_stays_text_everywhere(browser: Client, incident: Incident) -> None:
    changes.add_note(incident.pk, f"**bold** {HOSTILE}", actor=HOSTILE, now=NOW)
    make_alert(
        incident, title=HOSTILE, labels={HOSTILE: HOSTILE}, annotations={"summary": HOSTILE}, description=HOSTILE
    )
    store_investigation(incident, make_report("diagnosed", (make_hypothesis(summary=HOSTILE, explanation=HOSTILE),)))
    page = read(browser, incident)
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def version(page: str) -> str:
    found = re.search(r'id="timeline" data-version="([^"]*)"', page)
    assert found
    return found[1]


def test_an_entry_that_commits_after_a_newer_one_makes_another_timeline(browser: Client, incident: Incident) -> None:
    late = changes.add_note(incident.pk, "late", actor="alice", now=NOW)
    changes.add_note(incident.pk, "newest", actor="alice", now=NOW)
    whole = version(read(browser, incident))
    late.delete()  # as a page sees it that asks before it commits
    assert version(read(browser, incident)) != whole


def test_resolving_while_alerts_fire_is_warned_of(browser: Client, incident: Incident) -> None:
    assert "still fire" not in read(browser, incident)
    make_alert(incident)
    assert "1 alert still fires; if it keeps firing, a new incident opens" in read(browser, incident)
    make_alert(incident)
    assert "2 alerts still fire; if they keep firing, a new incident opens" in read(browser, incident)


def test_viewers_see_everything_but_no_forms(viewer: Client, diagnosed: Incident) -> None:
    page = read(viewer, diagnosed)
    assert "cart was killed" in page
    assert "Acknowledge</button>" not in page
    assert 'name="text"' not in page


def test_live_parts_know_their_places(browser: Client, diagnosed: Incident) -> None:
    page, live = read(browser, diagnosed), read(browser, diagnosed, "/live")
    parts = re.findall(r'id="([\w-]+)"[^<>]*hx-swap-oob="true"', live)
    assert {"facts", "actions", "cause", "timeline", "runbook", "attached"} <= set(parts)
    assert [part for part in parts if f'id="{part}"' not in page] == []
    assert len(set(parts)) == len(parts) == live.count('hx-swap-oob="true"')


def test_a_full_page_asks_no_more_questions_than_one_with_little_on_it(browser: Client, diagnosed: Incident) -> None:
    def questions(alerts: int) -> int:
        for number in range(alerts):
            make_alert(diagnosed, firings=3, title=f"Alert {number}")
            changes.add_note(diagnosed.pk, "word", actor="alice", now=NOW + timedelta(minutes=number))
        with CaptureQueriesContext(connection) as asked:
            read(browser, diagnosed)
        return len(asked)

    read(browser, diagnosed)  # draws the topology once
    assert questions(alerts=1) == questions(alerts=5)


def test_a_success_after_the_failure_offers_to_resolve(browser: Client, incident: Incident) -> None:
    link(incident, make_deployment())
    assert "went well" not in read(browser, incident)
    link(incident, make_deployment(outcome="succeeded"), "succeeded since")
    page = read(browser, incident)
    assert "If that was all, this incident is over" in page
    assert 'value="terraform apply of network went well since"' in page


def test_another_failure_takes_the_offer_back(browser: Client, incident: Incident) -> None:
    link(incident, make_deployment(outcome="succeeded"), "succeeded since")
    link(incident, make_deployment())
    assert "this incident is over" not in read(browser, incident)


def test_what_is_resolved_is_not_offered_again(browser: Client, incident: Incident) -> None:
    link(incident, make_deployment(outcome="succeeded"), "succeeded since")
    Incident.objects.update(status="resolved", resolved_at=NOW)
    assert "this incident is over" not in read(browser, incident)


def test_the_raw_output_of_the_failed_run_is_at_hand(browser: Client, incident: Incident) -> None:
    run = make_deployment()
    link(incident, run)
    page = read(browser, incident)
    assert "the range 10.0.1.0/24 is taken" in page
    assert f'href="/deployments/{run.pk}/log?line=5#L5"' in page
    assert f'href="/deployments/{run.pk}/log/file"' in page


@pytest.mark.parametrize(("address", "most"), [("", 42), ("/live", 36)])
def test_a_page_asks_a_bounded_number_of_questions(
    browser: Client, diagnosed: Incident, address: str, most: int
) -> None:
    make_alert(diagnosed, firings=3, title="Alert")
    read(browser, diagnosed, address)  # draws the topology once
    with CaptureQueriesContext(connection) as asked:
        read(browser, diagnosed, address)
    assert len(asked) <= most

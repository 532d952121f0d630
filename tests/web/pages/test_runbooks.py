"""The runbook of an incident."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_incident
from tests.web.pages.kept import link, make_deployment
from tests.web.pages.stored import make_hypothesis, make_report, store_investigation
from tests.web.pages.test_incident import read
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.models import ServiceRunbook


@pytest.fixture
def failed(incident: Incident) -> Incident:
    """An incident about a deployment, whose cause is known."""
    found = make_hypothesis(cause="address-range-taken", subject=Subject("Resource", "", "cloud_subnet.a"))
    store_investigation(incident, make_report(hypotheses=(found,)))
    return incident


def save(browser: Client, incident: Incident, text: str, version: int = 0) -> Any:
    return browser.post(f"/incidents/{incident.pk}/runbook", {"text": text, "version": version})


def promote(browser: Client, incident: Incident, version: int = 1, replaces: int = 0) -> Any:
    seen = {"version": version, "replaces": replaces}
    return browser.post(f"/incidents/{incident.pk}/runbook/promotion", seen)


def test_where_nobody_wrote_one_a_person_can(browser: Client, diagnosed: Incident) -> None:
    page = read(browser, diagnosed)
    assert "nobody has written one" in page
    assert "Write one" in page


def test_a_failed_deployment_comes_with_one(browser: Client, failed: Incident) -> None:
    page = read(browser, failed)
    assert "written by Tocsin for this error" in page
    assert "<h3>1. Hold all other changes" in page


def test_what_a_person_makes_of_it_is_kept_with_the_incident(browser: Client, diagnosed: Incident) -> None:
    assert save(browser, diagnosed, "Call **Ada** first.")["Location"] == f"/incidents/{diagnosed.pk}#runbook"
    page = read(browser, diagnosed)
    assert "edited by alice" in page
    assert "Call <strong>Ada</strong> first." in page
    assert TimelineEntry.objects.filter(incident=diagnosed, kind="runbook", actor="alice").exists()


def test_the_generated_one_stays_at_hand(browser: Client, failed: Incident) -> None:
    save(browser, failed, "Call Ada first.")
    assert "What Tocsin wrote for this error" in read(browser, failed)


def test_who_was_slower_is_told_and_loses_nothing(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "first")
    answer = save(browser, diagnosed, "second thoughts")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "alice has changed the runbook meanwhile" in page
    assert "second thoughts</textarea>" in page
    assert save(browser, diagnosed, "both", version=1).status_code == 302


@pytest.mark.parametrize("text", ["", "  \r\n", "x" * 100_001])
def test_a_text_that_is_none_is_refused(browser: Client, diagnosed: Incident, text: str) -> None:
    assert save(browser, diagnosed, text).status_code == 400


def test_promoted_it_is_shown_when_the_service_has_that_cause_again(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "Call Ada.")
    assert promote(browser, diagnosed).status_code == 302
    again = make_incident("Again")
    store_investigation(again)
    page = read(browser, again)
    assert "Call Ada." in page
    assert "cart’s own for oom-killed" in page
    assert f'after <a href="/incidents/{diagnosed.pk}">' in page


def test_another_cause_or_service_is_left_alone(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "Call Ada.")
    promote(browser, diagnosed)
    other = make_incident("Other", subject={"kind": "Deployment", "namespace": "shop", "name": "till"})
    store_investigation(other)
    assert "Call Ada." not in read(browser, other)


def test_promoting_again_replaces_the_one_before(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "Good.")
    promote(browser, diagnosed)
    save(browser, diagnosed, "Better.", version=1)
    promote(browser, diagnosed, version=2, replaces=1)
    assert [runbook.text for runbook in ServiceRunbook.objects.order_by("version")] == ["Good.", "Better."]
    assert "This is cart’s runbook for oom-killed" in read(browser, diagnosed)


def test_a_text_that_was_changed_meanwhile_is_not_promoted_unread(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "Good.")
    save(browser, diagnosed, "Not so good.", version=1)
    answer = promote(browser, diagnosed, version=1)
    assert answer.status_code == 400
    assert "alice has changed the runbook meanwhile" in answer.content.decode()
    assert not ServiceRunbook.objects.exists()


def test_a_runbook_that_the_service_got_meanwhile_is_not_replaced_unread(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "Good.")
    promote(browser, diagnosed)
    other = make_incident("Again")
    store_investigation(other)
    save(browser, other, "Other.")
    answer = promote(browser, other, replaces=0)
    assert "alice has given cart another runbook meanwhile" in answer.content.decode()
    assert promote(browser, other, replaces=1).status_code == 302


def test_every_version_can_be_read_and_says_what_it_changed(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "Call Ada.\nWait.")
    save(browser, diagnosed, "Call Bob.\nWait.", version=1)
    promote(browser, diagnosed, version=2)
    assert f'href="/incidents/{diagnosed.pk}/runbook/history">version 2' in read(browser, diagnosed)
    page = browser.get(f"/incidents/{diagnosed.pk}/runbook/history").content.decode()
    assert "<del>Call Ada.</del>" in page
    assert "<ins>Call Bob.</ins>" in page
    assert "<ins>Wait.</ins>" not in page
    assert "cart’s runbook for oom-killed" in page


def test_of_a_deployment_the_service_is_what_was_deployed(browser: Client, diagnosed: Incident) -> None:
    link(diagnosed, make_deployment(configuration="network"))
    save(browser, diagnosed, "Call Ada.")
    promote(browser, diagnosed)
    assert ServiceRunbook.objects.get().service == "network"


def test_without_a_cause_nothing_is_promoted(browser: Client, incident: Incident) -> None:
    answer = promote(browser, incident)
    assert answer.status_code == 400
    assert "Only a runbook for a known service and cause" in answer.content.decode()


def test_hostile_text_stays_text(browser: Client, diagnosed: Incident) -> None:
    save(browser, diagnosed, "<script>alert(1)</script> [x](javascript:alert(1))")
    page = read(browser, diagnosed)
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_viewers_read_it_without_forms(viewer: Client, diagnosed: Incident) -> None:
    assert "Save the runbook" not in read(viewer, diagnosed)
    assert save(viewer, diagnosed, "x").status_code == 403
    assert promote(viewer, diagnosed).status_code == 403

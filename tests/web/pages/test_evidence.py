"""Evidence, opened."""

import pytest
from django.test import Client

from tests.web.pages.stored import LAST_WORDS, REASON
from tocsin.incidents.models import Incident
from tocsin.investigation.models import StoredSnapshot


def test_a_cited_value_is_marked_where_it_stands(browser: Client, diagnosed: Incident) -> None:
    page = browser.get(f"/incidents/{diagnosed.pk}/evidence/1", {"ref": REASON}).content.decode()
    assert "<mark" in page
    assert "reason: OOMKilled" in page
    assert "<html" in page


def test_for_htmx_it_comes_without_the_page_around_it(browser: Client, diagnosed: Incident) -> None:
    answer = browser.get(f"/incidents/{diagnosed.pk}/evidence/1", {"ref": REASON}, headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_hostile_log_lines_stay_text(browser: Client, diagnosed: Incident) -> None:
    page = browser.get(f"/incidents/{diagnosed.pk}/evidence/1", {"ref": LAST_WORDS}).content.decode()
    assert "cache &lt;b&gt;full&lt;/b&gt;" in page


@pytest.mark.parametrize("reference", ["", "nonsense", "Pod/shop/other#/spec", "<script>#/x"])
def test_what_the_snapshot_does_not_hold_is_not_found(browser: Client, diagnosed: Incident, reference: str) -> None:
    answer = browser.get(f"/incidents/{diagnosed.pk}/evidence/1", {"ref": reference})
    assert answer.status_code == 404
    assert "<script>#" not in answer.content.decode()


def test_an_investigation_without_a_snapshot_says_so(browser: Client, diagnosed: Incident) -> None:
    StoredSnapshot.objects.all().delete()
    answer = browser.get(f"/incidents/{diagnosed.pk}/evidence/1", {"ref": REASON})
    assert answer.status_code == 404
    assert "has stored no snapshot" in answer.content.decode()


def test_evidence_of_another_investigation_is_not_found(browser: Client, diagnosed: Incident) -> None:
    assert browser.get(f"/incidents/{diagnosed.pk}/evidence/2", {"ref": REASON}).status_code == 404

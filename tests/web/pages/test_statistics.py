"""Statistics of a list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import NOW, make_incident
from tests.web.pages.stored import store_investigation
from tocsin.web.pages import statistics


def ended(minutes: int) -> None:
    make_incident(status="closed", triggered_at=NOW, resolved_at=NOW + timedelta(minutes=minutes), closed_at=NOW)


def test_the_figures_are_those_of_the_list(browser: Client) -> None:
    for minutes in (10, 20, 30):
        ended(minutes)
    first = make_incident("Another")
    make_incident("Again", recurrence_of=first)
    page = browser.get("/incidents/statistics?view=closed").content.decode()
    assert "<dd>20 min</dd>" in page
    assert "<dt>Open</dt><dd>0</dd>" in page
    everything = browser.get("/incidents/statistics?view=all").content.decode()
    assert "<dt>Happened before</dt><dd>1</dd>" in everything
    assert "<dt>Open</dt><dd>2</dd>" in everything


def test_common_causes_and_services_are_told(browser: Client) -> None:
    for _ in range(2):
        incident = make_incident()
        store_investigation(incident)
        incident.affected.create(slug="cart", role="cause", reason="test")
    page = browser.get("/incidents/statistics").content.decode()
    assert 'oom-killed <span class="count">2</span>' in page
    assert 'cart</a> <span class="count">2</span>' in page


def test_a_long_list_is_counted_in_part_and_that_is_said(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST_COUNTED", 2)
    for _ in range(3):
        make_incident()
    assert '2 <span class="faint">the newest; there are more' in browser.get("/incidents/statistics").content.decode()


def test_of_an_empty_list_nothing_is_claimed(browser: Client) -> None:
    page = browser.get("/incidents/statistics?q=nonsense").content.decode()
    assert "not known yet" not in page
    assert "None is known" in page


def test_a_search_that_can_not_be_understood_says_why(browser: Client) -> None:
    assert browser.get("/incidents/statistics?severity=huge").status_code == 400

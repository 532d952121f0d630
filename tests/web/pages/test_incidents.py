"""The list."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import NOW, make_incident
from tests.web.pages.stored import make_report, store_investigation
from tocsin.web.pages import incidents

Assertion = Callable[[int], AbstractContextManager[Any]]


def test_nobody_sees_it_without_logging_in(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")


def test_an_empty_list_says_that_all_is_quiet(browser: Client) -> None:
    assert "All quiet" in browser.get("/").content.decode()


def test_a_row_tells_the_cause_with_its_confidence(browser: Client) -> None:
    store_investigation(make_incident("Cart is down"))
    page = browser.get("/").content.decode()
    assert "Cart is down" in page
    assert '<b class="percent">93 %</b> cart was killed at its limit of 384Mi' in page


def test_only_the_newest_report_counts(browser: Client) -> None:
    incident = make_incident()
    store_investigation(incident)
    store_investigation(incident, make_report("healthy", ()), ordinal=2)
    page = browser.get("/").content.decode()
    assert "Everything examined is healthy" in page
    assert "384Mi" not in page


def test_views_tell_the_open_from_the_resolved(browser: Client) -> None:
    make_incident("Still burning")
    make_incident("Long over", resolved_at=NOW, status="resolved")
    shown = {view: browser.get(f"/?view={view}").content.decode() for view in incidents.VIEWS}
    assert "Still burning" in shown["active"]
    assert "Long over" not in shown["active"]
    assert "Still burning" not in shown["resolved"]
    assert "Long over" in shown["resolved"]
    assert "Still burning" in shown["all"]
    assert "Long over" in shown["all"]


def test_older_incidents_come_on_the_next_page(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "PAGE", 2)
    first, second, third = (make_incident(title) for title in ("first", "second", "third"))
    newest = browser.get("/").content.decode()
    assert f"before={second.pk}" in newest
    assert f'id="open-{first.pk}"' not in newest
    older = browser.get(f"/?before={second.pk}").content.decode()
    assert f'id="open-{first.pk}"' in older
    assert f'id="open-{third.pk}"' not in older


@pytest.mark.parametrize("query", ["view=nonsense", "before=x", "before=-1", f"before={10**30}", "before=²"])
def test_an_address_that_makes_no_sense_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"/?{query}").status_code == 404


def test_a_long_list_asks_no_more_questions_than_a_short_one(
    browser: Client, django_assert_num_queries: Assertion
) -> None:
    for age in range(12):
        store_investigation(make_incident(triggered_at=NOW - timedelta(hours=age)))
    with django_assert_num_queries(4):  # session, person, incidents, reports
        browser.get("/")

"""The list."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import NOW, make_incident
from tests.web.pages.stored import make_report, make_signal, store_investigation
from tocsin.investigation.models import StoredReport
from tocsin.web.pages import incidents

Assertion = Callable[[int], AbstractContextManager[Any]]


def test_nobody_sees_it_without_logging_in(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")


def test_an_empty_list_says_that_all_is_quiet_where_signals_come_in(browser: Client) -> None:
    make_signal()
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


def test_a_healthy_report_with_gaps_says_so(browser: Client) -> None:
    store_investigation(make_incident(), make_report("healthy", (), gaps=("pods: forbidden", "events: timed out")))
    page = browser.get("/").content.decode()
    assert "What was examined is healthy, but 2 things could not be read" in page
    assert "Everything examined is healthy" not in page


def test_a_healthy_report_of_another_version_is_not_taken_for_one_without_gaps(browser: Client) -> None:
    incident = make_incident()
    store_investigation(incident, make_report("healthy", ()))
    StoredReport.objects.update(content='{"gaps": {"pods": "forbidden"}}')
    assert "Everything examined is healthy" not in browser.get("/").content.decode()


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


@pytest.mark.parametrize(
    "query", ["view=nonsense", "before=x", "before=-1", f"before={10**30}", "before=²", f"before={'9' * 5000}"]
)
def test_an_address_that_makes_no_sense_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"/?{query}").status_code == 404


def test_a_long_list_asks_no_more_questions_than_a_short_one(
    browser: Client, django_assert_num_queries: Assertion
) -> None:
    for age in range(12):
        store_investigation(make_incident(triggered_at=NOW - timedelta(hours=age)))
    make_signal()
    with django_assert_num_queries(9):  # session, person, incidents, reports, the scale of severities, and what came in
        browser.get("/")


@pytest.mark.parametrize("view", incidents.VIEWS)
def test_without_a_source_the_list_says_how_to_add_one(browser: Client, view: str) -> None:
    page = browser.get(f"/?view={view}").content.decode()
    assert "tocsin source add alertmanager PROJECT/ENVIRONMENT" in page
    assert "All quiet" not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"received_at": timezone.now() - timedelta(days=20)}, "But the last signal came"),
        ({"body": "", "error": "not JSON"}, "the newest signal was rejected"),
    ],
)
def test_quiet_is_never_said_where_signals_do_not_come_in(
    browser: Client, values: dict[str, object], words: str
) -> None:
    make_signal(**values)
    page = browser.get("/").content.decode()
    assert words in page
    assert "All quiet" not in page


def test_rejected_signals_are_counted_with_the_way_to_them(browser: Client) -> None:
    make_signal(body="", error="not JSON")
    make_signal()
    page = browser.get("/").content.decode()
    assert "1 rejected</a> in 24 hours" in page
    assert 'href="/signals?rejected"' in page
    assert "All quiet" in page

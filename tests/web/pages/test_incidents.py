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
from tocsin.incidents.changes import add_note
from tocsin.incidents.search import View
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words, say
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


def shown(browser: Client, query: str = "") -> str:
    return browser.get(f"/?{query}").content.decode()


def test_views_tell_the_open_from_the_others(browser: Client) -> None:
    make_incident("Still burning")
    make_incident("Long over", resolved_at=NOW, status="resolved")
    titles = {
        view: [each in shown(browser, f"view={view}") for each in ("Still burning", "Long over")] for view in View
    }
    assert [view for view, (burns, _) in titles.items() if burns] == ["active", "analyzing", "all"]
    assert [view for view, (_, is_over) in titles.items() if is_over] == ["resolved", "all"]


def test_pages_lead_on_and_back(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "PAGE", 2)
    first, second, third = (make_incident(title) for title in ("first", "second", "third"))
    newest = shown(browser)
    assert f"after={second.pk}" in newest
    assert f'id="open-{first.pk}"' not in newest
    older = shown(browser, f"after={second.pk}")
    assert f'id="open-{first.pk}"' in older
    assert f"before={first.pk}" in older
    assert f'id="open-{third.pk}"' in shown(browser, f"before={first.pk}")


@pytest.mark.parametrize(
    "query",
    ["view=nonsense", "after=x", "after=-1", f"before={10**30}", "after=²", f"top={'9' * 5000}", "after=1&before=2"],
)
def test_an_address_that_makes_no_sense_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"/?{query}").status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [("severity=huge", "is no severity"), ("q=is:odd", "is no view"), ("view=all&sort=longest", "Open")],
)
def test_a_search_that_can_not_be_understood_says_why(browser: Client, query: str, words: str) -> None:
    answer = browser.get(f"/?{query}")
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_filters_are_chips_that_can_be_taken_away(browser: Client) -> None:
    make_incident("Cart is down", severity="low")
    page = shown(browser, "q=severity:low+cart&assignee=nobody")
    assert "Cart</mark> is down" in page.replace("cart</mark>", "Cart</mark>")
    assert 'href="?q=cart&amp;assignee=nobody" aria-label="Remove severity low"' in page


def test_hits_are_marked_where_they_stand(browser: Client) -> None:
    incident = make_incident("<b>Cart</b> is down")
    add_note(incident.pk, "Rolled back the <i>timeouts</i>", actor="alice", now=NOW)
    page = shown(browser, "q=cart+timeout")
    assert "&lt;b&gt;<mark>Cart</mark>&lt;/b&gt; is down" in page
    assert "note</span> Rolled back the &lt;i&gt;<mark>timeouts</mark>" in page


def test_what_people_said_is_shown_as_a_hit_while_they_say_it(browser: Client) -> None:
    incident = make_incident()
    for text in ("a leaking pool", "an unbounded cache"):
        say(incident.pk, {Topic.CAUSE: Words(text)}, actor="alice", now=NOW)
    assert "confirmed cause</span> an <mark>unbounded</mark> cache" in shown(browser, "q=unbounded")
    assert "<mark>leaking" not in shown(browser, "q=leaking")


def test_the_name_of_an_incident_leads_straight_to_it(browser: Client) -> None:
    incident = make_incident()
    assert browser.get(f"/?q={incident.name}")["Location"] == f"/incidents/{incident.pk}"
    assert "No incident is like that" in shown(browser, f"q=INC-{incident.pk + 1}")


def test_what_is_found_nowhere_is_told_from_what_can_not_be_found(browser: Client) -> None:
    assert "Look among all of them" in shown(browser, "q=nonsense")
    assert "in too many texts to be kept" in shown(browser, "q=the")


def test_who_reads_is_told_of_new_incidents_above(browser: Client) -> None:
    seen = make_incident("Seen")
    make_incident("New")
    page = shown(browser, f"top={seen.pk}")
    assert "1 new incident above" in page
    assert "New</span>" not in page
    assert f'name="top" value="{seen.pk}"' in page
    assert "above" not in shown(browser, f"top={seen.pk}&sort=oldest").replace('class="above"', "")


def test_a_row_tells_what_opened_it_and_what_it_affects(browser: Client) -> None:
    incident = make_incident(opened_by="apply-failure")
    for slug, role in [("checkout", "needs it"), ("cart", "cause")]:
        incident.affected.create(slug=slug, role=role, reason="test")
    page = shown(browser)
    assert "apply-failure" in page
    assert 'cart <span class="faint">+1</span>' in page


def test_headings_sort_one_way_and_the_other(browser: Client) -> None:
    make_incident()
    assert 'aria-sort="descending"><a href="?sort=oldest">Created' in shown(browser)
    assert 'aria-sort="ascending"><a href="?sort=newest">Created' in shown(browser, "sort=oldest")


def test_whoever_may_only_look_selects_nothing(viewer: Client) -> None:
    make_incident()
    page = viewer.get("/").content.decode()
    assert 'id="bulk"' not in page
    assert 'name="incident"' not in page


def test_a_long_list_asks_no_more_questions_than_a_short_one(
    browser: Client, django_assert_num_queries: Assertion
) -> None:
    for age in range(12):
        store_investigation(make_incident(triggered_at=NOW - timedelta(hours=age)))
    make_signal()
    # session, person, rows and what belongs to them, what came in, and what the menus offer
    with django_assert_num_queries(16):
        browser.get("/")


@pytest.mark.parametrize("view", View)
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
    make_signal(None, **values)
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

"""The list of deployments."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment
from tests.web.pages.kept import link, make_deployment
from tocsin.incidents.models import Incident
from tocsin.web.pages import deployments

Assertion = Callable[[int], AbstractContextManager[Any]]


def read(browser: Client, query: str = "") -> str:
    answer = browser.get(f"/deployments{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_where_nothing_was_deployed_the_list_says_how_to_begin(browser: Client) -> None:
    page = read(browser)
    assert "tocsin source add deployment PROJECT/ENVIRONMENT" in page
    assert "tocsin run -- terraform apply" in page


def test_a_row_tells_what_was_run_how_it_ended_and_its_incident(browser: Client, incident: Incident) -> None:
    run = make_deployment(counts={"add": 2, "change": 0, "destroy": 1, "imported": 0}, workspace="eu")
    link(incident, run)
    page = read(browser)
    for part in ("terraform apply of network", "(eu)", "Failed", "the range is taken", "+2", "−1", incident.name):
        assert part in page


def test_the_failed_are_a_view_without_what_people_stopped(browser: Client) -> None:
    for outcome in ("succeeded", "cancelled", "drifted", "timed out"):
        make_deployment(outcome=outcome, configuration=f"was-{outcome[:5]}")
    page = read(browser, "?view=failed")
    assert "was-drift" in page
    assert "was-timed" in page
    assert "was-succe" not in page
    assert "was-cance" not in page


def test_no_failure_is_good_news(browser: Client) -> None:
    make_deployment(outcome="succeeded")
    assert "No deployment failed" in read(browser, "?view=failed")


def test_runs_of_the_same_thing_can_be_seen_alone(browser: Client) -> None:
    run, same, other = make_deployment(), make_deployment(), make_deployment(configuration="dns")
    elsewhere = make_deployment(environment=make_environment("staging"))
    page = read(browser, f"?like={run.pk}")
    assert f"open-{same.pk}" in page
    assert f"open-{other.pk}" not in page
    assert f"open-{elsewhere.pk}" not in page


def test_older_ones_come_on_the_next_page(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployments, "PAGE", 2)
    first, second, third = (make_deployment() for _ in range(3))
    assert f"before={second.pk}" in read(browser)
    older = read(browser, f"?before={second.pk}")
    assert f"open-{first.pk}" in older
    assert f"open-{third.pk}" not in older


@pytest.mark.parametrize("query", ["view=nonsense", "before=x", f"before={10**30}", "like=4711", "like=x"])
def test_an_address_that_makes_no_sense_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"/deployments?{query}").status_code == 404


def test_a_long_list_asks_no_more_questions_than_a_short_one(
    browser: Client, incident: Incident, django_assert_num_queries: Assertion
) -> None:
    for _ in range(5):
        link(incident, make_deployment())
    with django_assert_num_queries(5):  # session, person, memberships, runs, incidents
        read(browser)


def test_a_run_of_less_than_a_second_did_not_take_none(browser: Client) -> None:
    now = timezone.now()
    make_deployment(started_at=now - timedelta(milliseconds=400), finished_at=now)
    assert "&lt; 1 s" in read(browser)

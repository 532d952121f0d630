"""The page of a deployment."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_environment
from tests.web.pages.kept import PLAN, change, link, make_deployment, make_full_deployment
from tocsin.deployments.models import Deployment, DeploymentRecord, DeploymentText, DriftNoise
from tocsin.incidents.models import Incident

Assertion = Callable[[int], AbstractContextManager[Any]]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def read(browser: Client, run: Deployment) -> str:
    answer = browser.get(f"/deployments/{run.pk}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("number", [4711, 10**30])
def test_one_that_does_not_exist_is_not_found(browser: Client, number: int) -> None:
    assert browser.get(f"/deployments/{number}").status_code == 404


def test_it_says_how_it_ended_and_where_the_cause_is(browser: Client, incident: Incident) -> None:
    run = make_full_deployment()
    link(incident, run)
    page = read(browser, run)
    for part in (
        "Failed",
        "the range is taken",
        f"{incident.name} {incident.title}",
        "terraform apply &#x27;-var=a=b c&#x27;",
    ):
        assert part in page


def test_the_plan_shows_what_destroys_first_and_open(browser: Client) -> None:
    page = read(browser, make_full_deployment())
    replaced, created = page.index("cloud_database.main</span>"), page.index("cloud_bucket.assets</span>")
    assert replaced < created
    assert '<details class="planned replace" open>' in page
    assert '<details class="planned create">' in page
    assert "forces a new one" in page


def test_policies_say_which_rule_which_resource_why_and_what_would_pass(browser: Client) -> None:
    page = read(browser, make_full_deployment())
    for part in ("CKV_AWS_20", "main.tf:8", "can be read by everyone", "Set acl = &quot;private&quot;.", "1 failed"):
        assert part in page


def test_of_many_rules_the_worst_are_shown_and_the_rest_folded(browser: Client) -> None:
    low = [{"engine": "e", "rule": f"low-{number}", "status": "failed", "severity": "low"} for number in range(12)]
    worst = {"engine": "e", "rule": "worst", "status": "failed", "severity": "critical"}
    page = read(browser, make_deployment(policies=[*low, worst]))
    assert page.index("worst</code>") < page.index("3 more, none of which is worse") < page.index("low-9</code>")


def test_the_cost_is_told_with_its_difference(browser: Client) -> None:
    page = read(browser, make_full_deployment())
    assert "+369 USD" in page
    assert "1,361 USD → 1,730 USD" in page
    assert "without 2 resources of unknown price" in page


def test_what_another_version_wrote_is_said_to_be_unreadable(browser: Client) -> None:
    page = read(browser, make_deployment(cost={"total": "much"}, policies=[{"rule": 7}], plan={"format_version": "9"}))
    assert "The estimate can’t be read" in page
    assert "1 result can’t be read" in page
    assert "Every rule was passed" not in page
    assert "It can’t be shown: " in page


@pytest.mark.parametrize(
    ("outcome", "first"),
    [("failed", "output"), ("blocked by policy", "policies"), ("drifted", "drift"), ("succeeded", "plan")],
)
def test_what_matters_of_such_an_outcome_comes_first(browser: Client, outcome: str, first: str) -> None:
    page = read(browser, make_full_deployment(outcome=outcome))
    places = {part: page.index(f'id="{part}"') for part in ("output", "policies", "drift", "plan")}
    assert min(places, key=lambda part: places[part]) == first


def test_drift_that_a_rule_ignores_comes_last_and_says_so(browser: Client) -> None:
    drift = [
        {"address": "a.noise", "why": "", "ignored_by": "tags come and go"},
        {"address": "z.real", "why": "port differs"},
    ]
    page = read(browser, make_deployment(outcome="drifted", drift=drift))
    assert page.index("z.real") < page.index("a.noise")
    assert "Does not count: tags come and go" in page


def test_which_drift_counts_is_said(browser: Client) -> None:
    DriftNoise.objects.create(address="cloud_rule.*", attribute="tags*", why="a robot tags them")
    DriftNoise.objects.create(environment=make_environment("staging"), address="x.y", why="only there")
    page = read(browser, make_full_deployment(outcome="drifted"))
    assert "a robot tags them" in page
    assert "only there" not in page


def test_drift_that_only_the_plan_tells_is_shown(browser: Client) -> None:
    plan = PLAN | {"resource_drift": [change("cloud_rule.gone", ["delete"], {"port": 22}, None)]}
    page = read(browser, make_deployment(plan=plan))
    assert "cloud_rule.gone" in page
    assert "is gone" in page


def test_the_output_begins_at_the_first_error(browser: Client) -> None:
    log = "".join(f"line {number}\n" for number in range(1, 200)) + "Error: no such zone\n"
    page = read(browser, make_deployment(log=log))
    assert "line 199" in page
    assert "line 150" not in page
    assert "log?line=200#L200" in page


def test_a_notice_without_a_log_says_so(browser: Client) -> None:
    run = make_deployment(log=None, url="https://ci.example.com/7")
    page = read(browser, run)
    assert "Its sender told how it ended, not what it printed" in page
    assert 'href="https://ci.example.com/7" rel="noopener' in page
    assert browser.get(f"/deployments/{run.pk}/log").status_code == 404
    assert browser.get(f"/deployments/{run.pk}/log/file").status_code == 404


def test_only_web_addresses_become_links(browser: Client) -> None:
    assert "javascript:" not in read(browser, make_deployment(url="javascript:alert(1)"))


def test_hostile_text_stays_text_everywhere(browser: Client) -> None:
    plan = PLAN | {"resource_changes": [change(HOSTILE, ["create"], None, {HOSTILE: HOSTILE})]}
    policies = [{"engine": HOSTILE, "rule": HOSTILE, "status": "failed", "message": HOSTILE, "remedy": HOSTILE}]
    run = make_deployment(
        log=f"Error: {HOSTILE}\n", plan=plan, policies=policies, reason=HOSTILE, configuration=HOSTILE, rollback=HOSTILE
    )
    page = read(browser, run) + browser.get(f"/deployments/{run.pk}/log").content.decode()
    page += browser.get(f"/deployments/{run.pk}/log?q=script").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("what", ["rollback", "lessons"])
def test_what_people_write_is_kept_with_its_author(browser: Client, what: str) -> None:
    run = make_deployment()
    answer = browser.post(f"/deployments/{run.pk}/{what}", {"text": "**carefully**\r\n", "version": 0})
    assert answer["Location"] == f"/deployments/{run.pk}#{what}"
    page = read(browser, run)
    assert "<strong>carefully</strong>" in page
    assert f'alice <time datetime="{DeploymentText.objects.get().written_at:%Y-%m-%d}' in page


def test_who_was_slower_sees_the_words_of_the_other_and_keeps_their_own(browser: Client) -> None:
    run = make_deployment()
    browser.post(f"/deployments/{run.pk}/lessons", {"text": "first", "version": 0})
    answer = browser.post(f"/deployments/{run.pk}/lessons", {"text": "second", "version": 0})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "alice has changed the lessons meanwhile" in page
    assert "<p>first</p>" in page
    assert "second</textarea>" in page
    assert 'name="version" value="1"' in page


def test_every_version_of_what_people_wrote_can_be_read(browser: Client) -> None:
    run = make_full_deployment()
    browser.post(f"/deployments/{run.pk}/rollback", {"text": "Ask Ada.", "version": 0})
    browser.post(f"/deployments/{run.pk}/rollback", {"text": "", "version": 1})
    assert f'href="/deployments/{run.pk}/rollback/history">version 2' in read(browser, run)
    page = browser.get(f"/deployments/{run.pk}/rollback/history").content.decode()
    for part in ("It was emptied.", "<ins>Ask Ada.</ins>", "Tocsin <time", "the commit before"):
        assert part in page


def test_what_nobody_wrote_has_no_versions(browser: Client) -> None:
    run = make_deployment()
    assert "Nobody has written anything yet" in browser.get(f"/deployments/{run.pk}/lessons/history").content.decode()
    assert browser.get("/deployments/4711/lessons/history").status_code == 404
    assert browser.post("/deployments/4711/lessons", {"text": "x"}).status_code == 404


def test_viewers_read_but_do_not_write(viewer: Client) -> None:
    run = make_full_deployment()
    assert "<textarea" not in read(viewer, run)
    assert "Lessons" not in read(viewer, run)
    assert viewer.post(f"/deployments/{run.pk}/lessons", {"text": "x"}).status_code == 403


def test_the_runs_before_and_after_are_near(browser: Client) -> None:
    before, run, after = (make_deployment() for _ in range(3))
    make_deployment(configuration="dns")
    page = read(browser, run)
    assert f'href="/deployments/{before.pk}"' in page
    assert f'href="/deployments/{after.pk}"' in page


def test_a_full_page_asks_a_bounded_number_of_questions(
    browser: Client, incident: Incident, django_assert_num_queries: Assertion
) -> None:
    run = make_full_deployment()
    link(incident, run)
    read(browser, run)  # reads the log once
    assert DeploymentRecord.objects.count() == 1
    with django_assert_num_queries(
        10
    ):  # session, person, memberships, run, section, texts, incidents, noise, the runs before and after
        read(browser, run)

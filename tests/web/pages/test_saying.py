"""What people say of an incident, on its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import NOW, make_incident, make_service, make_user
from tests.web.pages.stored import make_hypothesis
from tocsin.incidents import naming, stating
from tocsin.incidents.models import Incident
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words, statements_of

pytestmark = pytest.mark.django_db


def shown(browser: Client, incident: Incident) -> str:
    return browser.get(f"/incidents/{incident.pk}").content.decode()


def bob_says(incident: Incident, topic: Topic, text: str) -> None:
    stating.say(incident.pk, {topic: Words(text)}, actor="bob", now=NOW)


def test_what_is_said_is_shown_with_who_said_it(browser: Client, incident: Incident) -> None:
    make_service("cart")
    typed = {
        "users": "a third <b>could</b> not pay",
        "data_loss": "yes",
        "data_loss-words": "an hour",
        "services": "cart",
    }
    answer = browser.post(f"/incidents/{incident.pk}/said", typed, follow=True)
    page = answer.content.decode()
    assert "a third &lt;b&gt;could&lt;/b&gt; not pay" in page
    assert "yes: an hour" in page
    assert incident.affected.get().said_by == "alice"


def test_nothing_said_says_what_to_do_to_those_who_may(browser: Client, viewer: Client, incident: Incident) -> None:
    assert "say it below" in shown(browser, incident)
    assert "say it below" not in shown(viewer, incident)
    assert 'id="said-edit"' not in shown(viewer, incident)


def test_who_was_slower_sees_both_and_can_save_again(browser: Client, incident: Incident) -> None:
    bob_says(incident, Topic.USERS, "half of them")
    typed = {"users": "a third", "users-version": "0", "region": "eu", "region-version": "0"}
    page = browser.post(f"/incidents/{incident.pk}/said", typed).content.decode()
    assert "bob has changed “Users” meanwhile" in page
    assert "bob has said meanwhile: half of them" in page
    assert 'value="a third"' in page
    assert 'name="users-version" value="1"' in page
    browser.post(f"/incidents/{incident.pk}/said", typed | {"users-version": "1"})
    assert {topic: kept.text for topic, kept in statements_of(incident.pk).items()} == {
        Topic.USERS: "a third",
        Topic.REGION: "eu",
    }


def test_a_field_that_was_left_alone_shows_what_others_said_after_a_refusal(
    browser: Client, incident: Incident
) -> None:
    bob_says(incident, Topic.REGION, "eu")
    typed = {"region": "", "region-version": "0", "data_loss": "", "data_loss-words": "an hour"}
    page = browser.post(f"/incidents/{incident.pk}/said", typed).content.decode()
    assert "none of yes, no, unknown" in page
    assert 'name="region" value="eu"' in page
    assert 'value="an hour"' in page


def test_a_hypothesis_is_confirmed(browser: Client, diagnosed: Incident) -> None:
    assert "Cause, not confirmed" in shown(browser, diagnosed)
    browser.post(f"/incidents/{diagnosed.pk}/cause", {"rank": "1", "investigation": "1", "version": "0"})
    page = shown(browser, diagnosed)
    assert "Cause, confirmed" in page
    assert "as Tocsin supposed" in page
    assert statements_of(diagnosed.pk)[Topic.CAUSE].text == make_hypothesis().summary


def test_who_confirms_after_somebody_else_is_told(browser: Client, diagnosed: Incident) -> None:
    bob_says(diagnosed, Topic.CAUSE, "a leaking pool")
    late = browser.post(f"/incidents/{diagnosed.pk}/cause", {"rank": "1", "investigation": "1", "version": "0"})
    assert "bob has changed “Confirmed cause” meanwhile" in late.content.decode()
    assert statements_of(diagnosed.pk)[Topic.CAUSE].text == "a leaking pool"


def test_a_role_is_given_with_a_note_and_stands_in_the_facts(browser: Client, incident: Incident) -> None:
    bob = make_user("bob")
    given = {"role": "communications", "person": str(bob.pk), "note": "customers ask"}
    page = browser.post(f"/incidents/{incident.pk}/roles", given, follow=True).content.decode()
    assert "<dt>Communications</dt><dd>bob</dd>" in page
    assert "Communications: nobody → bob: customers ask" in page


@pytest.mark.parametrize(
    ("place", "typed", "says"),
    [
        ("roles", {"role": "chef"}, "choose one of lead"),
        ("roles", {"role": "lead", "person": "", "note": "typed"}, "Lead already is nobody"),
        ("times", {"started": "soon", "reason": "typed"}, "it looks like 2026-03-31T03:15"),
        ("times", {"started": "2026-03-01T02:00"}, "Say why the times change"),
        ("said", {"users": "typed", "services": "crat"}, "There is no service crat"),
        ("said", {"users": "typed", "trigger": "x", "run": "7"}, "no such run"),
        ("cause", {"rank": "7"}, "no such hypothesis"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_typed_is_lost(
    browser: Client, incident: Incident, place: str, typed: dict[str, str], says: str
) -> None:
    answer = browser.post(f"/incidents/{incident.pk}/{place}", typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert "typed" not in typed.values() or "typed" in page
    assert not incident.timeline.exists()


def test_times_are_corrected_to_the_minute_and_the_duration_follows(browser: Client) -> None:
    over = make_incident(status="resolved", resolved_at=NOW.replace(second=7))
    typed = {"started": "2026-03-01T01:00", "detected": "", "resolved": "2026-03-01T03:00", "reason": "by the graph"}
    page = browser.post(f"/incidents/{over.pk}/times", typed, follow=True).content.decode()
    over.refresh_from_db()
    assert over.resolved_at is not None
    assert over.resolved_at.second == 7
    assert "2 h" in page
    assert over.timeline.get().text == "Began as recorded → 2026-03-01 01:00 UTC: by the graph"


def test_a_viewer_changes_nothing(viewer: Client, incident: Incident) -> None:
    for place in ("said", "cause", "roles", "times"):
        assert viewer.post(f"/incidents/{incident.pk}/{place}", {"users": "x"}).status_code == 403
    assert not incident.timeline.exists()


def test_what_others_said_of_services_and_times_while_one_wrote_stays(browser: Client, incident: Incident) -> None:
    for slug in ("cart", "web"):
        make_service(slug)
    naming.name_services(incident.pk, ["cart"], actor="bob", now=NOW)
    Incident.objects.filter(pk=incident.pk).update(started_at=NOW - timedelta(hours=2))
    stale = {"users": "a third", "services": "web", "services-seen": ""}
    browser.post(f"/incidents/{incident.pk}/said", stale)
    assert set(incident.affected.values_list("slug", "said_by")) == {("cart", "bob"), ("web", "alice")}
    browser.post(f"/incidents/{incident.pk}/said", {"services": "", "services-seen": "web"})
    assert list(incident.affected.values_list("slug", flat=True)) == ["cart"]
    late = {"started": "", "started-seen": "", "detected": f"{NOW:%Y-%m-%dT%H:%M}", "reason": "by the pager"}
    assert browser.post(f"/incidents/{incident.pk}/times", late).status_code == 302
    incident.refresh_from_db()
    assert (incident.started_at, incident.detected_at) == (NOW - timedelta(hours=2), NOW)

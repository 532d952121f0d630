"""Declaring an incident on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_environment, make_service, make_user
from tests.workflows.test_affecting import alert, incident
from tocsin.accounts.models import User
from tocsin.catalog.memberships import Membership
from tocsin.incidents.models import Incident

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Checkout is down",
    "environment": "shop/production",
    "severity": "high",
    "services": "cart, ",
    "assignee": "alice",
    "description": "since **three**",
}


def test_it_is_declared_with_all_that_was_typed(browser: Client) -> None:
    make_service("cart")
    answer = browser.post("/incidents/new", TYPED)
    made = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{made.pk}"
    assert (made.title, made.severity, made.assignee.username) == ("Checkout is down", "high", "alice")  # type: ignore[union-attr]
    assert [row.slug for row in made.affected.all()] == ["cart"]
    assert made.timeline.get(kind="note").text == "since **three**"


def test_the_form_says_what_each_severity_calls_for(browser: Client) -> None:
    make_environment()
    page = browser.get("/incidents/new").content.decode()
    assert "Mitigate and escalate at once." in page
    assert "<option selected>shop/production</option>" in page


def test_the_form_for_alerts_proposes_what_they_say(browser: Client) -> None:
    make_service("cart")
    one, other = alert(namespace="shop", service="cart"), alert(namespace="shop", deployment="web")
    incident(one, other)
    page = browser.get(f"/incidents/new?alerts={one.pk},{other.pk},nonsense").content.decode()
    assert 'value="Slow"' in page
    assert 'name="services" value="cart"' in page
    assert page.count('name="alert"') == 2


def test_each_field_that_is_wrong_says_so_and_nothing_is_lost(browser: Client) -> None:
    make_environment()
    wrong = TYPED | {"title": " ", "severity": "", "services": "crat", "assignee": "mallory", "environment": "x"}
    answer = browser.post("/incidents/new", wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    for words in ("Give it a title", "Choose where it is", "Choose how bad it is", "since **three**", 'value="crat"'):
        assert words in page
    page = browser.post(
        "/incidents/new", wrong | {"environment": "shop/production", "severity": "low"}
    ).content.decode()
    for words in ("There is no service crat", "can’t take it", "Give it a title"):
        assert words.replace("’", "&#x27;") in page
    assert not Incident.objects.exists()


def test_chosen_alerts_lead_to_the_form(browser: Client) -> None:
    chosen = {"what": "declaration", "alert": ["3", "4"]}
    assert browser.post("/alerts/chosen", chosen)["Location"] == "/incidents/new?alerts=3,4"


def test_a_viewer_declares_nothing(viewer: Client) -> None:
    assert viewer.get("/incidents/new").status_code == 403
    assert viewer.post("/incidents/new", TYPED).status_code == 403


def test_it_is_declared_only_where_one_may_respond(client: Client) -> None:
    bob, there = make_user("bob", role=""), make_environment("live", project="mail")
    Membership.objects.create(user=User.objects.get(pk=bob.pk), project=there.project, role="responder")
    hidden = alert(namespace="shop", deployment="cart")
    incident(hidden)
    client.force_login(bob)
    page = client.get(f"/incidents/new?alerts={hidden.pk}").content.decode()
    assert "mail/live" in page
    assert "shop/production" not in page
    assert client.post("/incidents/new", TYPED).status_code == 400
    assert Incident.objects.filter(opened_by="declared").count() == 0
